import { messageOf } from '../../src/errors';
import { Results } from '../accuracy/results';
import { ruleNames } from './ruleNames';
import { answersFile, readLines, writeSet } from './setFiles';
import { runOnOneCore, type SystemFigures } from './runOnOneCore';
import { strictScores, type SpanFigures } from './strictScores';
import { encoderSystems, systemsOf } from './systems';
import { tagsOf, type TaggedPlace, type TaggedRow } from './taggedRow';
import { setNames } from './taggedSets';

/**
 * Token classification beside its peers, each on one core (see runOnOneCore): one JSON line per (system, set).
 * Those that train from an encoder run when they are named, on two cores with TRAINYARD_BENCH_CORE=0,1.
 *
 *   npm run build
 *   TRAINYARD_BENCH_PYTHON=<python> node dist/bench/tagging/run.js ['SET;SET…'] ['SYSTEM;SYSTEM…']
 *
 * What `.trainyard/bench/tagging.jsonl` has already is not measured again; TRAINYARD_BENCH_LINES names another
 * file there.
 */
interface Line extends Partial<SystemFigures>, Partial<SpanFigures> {
  set: string;
  name: string;
  failed?: string;
  /** Of all types that have a rule. */
  rule_types?: SpanFigures;
  types?: Record<string, SpanFigures>;
}

const sets = process.argv[2]?.split(';') ?? setNames;
const names = process.argv[3]?.split(';');
const results = new Results<Line>(process.env.TRAINYARD_BENCH_LINES ?? 'tagging');
for (const set of sets) {
  const parts = writeSet(set);
  const rows = readLines<TaggedRow>(parts.test);
  const systems = { ...systemsOf(set), ...(names && encoderSystems) };
  for (const [name, command] of Object.entries(systems)) {
    const done = results.lines.some(
      (line) => line.set === set && line.name === name && !line.failed,
    );
    if (done || names?.includes(name) === false) continue;
    try {
      const answers = answersFile(set, name);
      const figures = runOnOneCore(command(set, { ...parts, answers }));
      const found = readLines<TaggedPlace[]>(answers);
      results.add({ set, name, ...scores(set, rows, found), ...figures });
    } catch (error) {
      results.add({ set, name, failed: messageOf(error) });
    }
  }
}

function scores(set: string, rows: TaggedRow[], answers: TaggedPlace[][]): Partial<Line> {
  const found = answers.flat().map(([, , tag]) => tag);
  const tags = [...new Set([...tagsOf(rows), ...found])];
  return {
    ...strictScores(rows, answers),
    ...(set.startsWith('pii')
      ? { rule_types: strictScores(rows, answers, Object.keys(ruleNames)) }
      : {}),
    types: Object.fromEntries(tags.map((tag) => [tag, strictScores(rows, answers, [tag])])),
  };
}
