import { loadavg } from 'node:os';
import { Results } from '../accuracy/results';
import { runSystem, systems, type Figures } from '../accuracy/systems';

/**
 * Training time and peak memory of the `fast` model beside its peers, taken in turn so that a busy
 * machine is busy for all: one JSON line per (round, system, set).
 *
 *   node dist/bench/speed/run.js [ROUNDS] [SET,SET…] [SYSTEM;SYSTEM…]
 */
interface Line extends Figures {
  set: string;
  name: string;
  round: number;
  /** Load average over the last minute, when the run began. */
  load: number;
}

const results = new Results<Line>('speed');
const rounds = Number(process.argv[2] ?? 3);
const sets = process.argv[3]?.split(',') ?? ['banking77', 'laroseda_ro', 'sst2'];
const names = process.argv[4]?.split(';') ?? ['fast', 'svc', 'fasttext'];

for (let round = 1; round <= rounds; round++) {
  for (const set of sets) {
    for (const name of names) {
      const known = results.lines.some(
        (l) => l.round === round && l.set === set && l.name === name,
      );
      if (known) continue;
      const load = loadavg()[0]!;
      results.add({ round, set, name, load, ...runSystem(systems[name]!, set) });
    }
  }
}
