import { messageOf } from '../../src/errors';
import { Results } from './results';
import { runSystem, type Figures, type Systems } from './systems';

interface Line extends Partial<Figures> {
  set: string;
  name: string;
  failed?: string;
}

/**
 * Adds a line for each (system, set) that `.trainyard/bench/FILE.jsonl` has none for yet; what failed is
 * tried again.
 */
export function measureAll(file: string, pairs: { set: string; name: string }[], systems: Systems) {
  const results = new Results<Line>(file);
  for (const { set, name } of pairs) {
    if (results.lines.some((line) => line.set === set && line.name === name && !line.failed))
      continue;
    try {
      results.add({ set, name, ...runSystem(systems[name]!, set) });
    } catch (error) {
      results.add({ set, name, failed: messageOf(error) });
    }
  }
}

/** Every system on every set. */
export function everyPair(sets: string[], names: string[]): { set: string; name: string }[] {
  return sets.flatMap((set) => names.map((name) => ({ set, name })));
}
