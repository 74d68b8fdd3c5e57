import { join } from 'node:path';
import { messageOf } from '../../src/errors';
import { fiveSets } from './datasets';
import { Results } from './results';
import { runSystem, systems, type Figures } from './systems';

/**
 * Accuracy of the `fast` model beside its peers: one JSON line per (system, set).
 *
 *   node dist/bench/accuracy/run.js [SET,SET…] [SYSTEM,SYSTEM…]
 */
interface Line extends Partial<Figures> {
  set: string;
  name: string;
  failed?: string;
}

const results = new Results<Line>('accuracy');
const sets = process.argv[2]?.split(',') ?? fiveSets;
const names = process.argv[3]?.split(',') ?? Object.keys(systems);
const scratch = join('.trainyard', 'bench', 'sets');

for (const set of sets) {
  for (const name of names) {
    if (results.lines.some((line) => line.set === set && line.name === name && !line.failed))
      continue;
    try {
      results.add({ set, name, ...runSystem(name, set, scratch) });
    } catch (error) {
      results.add({ set, name, failed: messageOf(error) });
    }
  }
}
