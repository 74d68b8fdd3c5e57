import { parseStageKey } from './stageKey';
import type { CacheUse, StageRow } from './stages';

/** One stage of a run as people see it; the shards of a stage are one line. */
export interface StageSummary {
  stage: string;
  state: 'running' | 'published';
  /** The most attempts that it, or a shard of it, took. */
  attempts: number;
  /** `hit` for shards when all of them were. */
  cache: CacheUse | null;
  checkpoint_step: number | null;
  /** From the first attempt to the last publication. */
  seconds: number | null;
  /** Of a stage with shards: how many there are so far, and how many are done. */
  shards?: { begun: number; published: number };
}

/** The stages in the order that they began. */
export function summarizeStages(rows: readonly StageRow[]): StageSummary[] {
  const byStage = new Map<string, StageRow[]>();
  for (const row of rows) {
    const { stage } = parseStageKey(row.stage);
    byStage.set(stage, [...(byStage.get(stage) ?? []), row]);
  }
  return [...byStage].map(([stage, parts]) => summarize(stage, parts));
}

function summarize(stage: string, parts: StageRow[]): StageSummary {
  const published = parts.filter((row) => row.output);
  const done = published.length === parts.length;
  const from = Math.min(...parts.map((row) => row.started_at?.getTime() ?? NaN));
  const to = Math.max(...parts.map((row) => row.published_at?.getTime() ?? NaN));
  const uses = new Set(parts.map((row) => row.cache));
  const [first] = parts as [StageRow];
  return {
    stage,
    state: done ? 'published' : 'running',
    attempts: Math.max(...parts.map((row) => row.attempts)),
    cache:
      uses.size === 1 ? first.cache : (parts.find((row) => row.cache !== 'hit')?.cache ?? null),
    checkpoint_step: first.stage === stage ? (first.checkpoint?.step ?? null) : null,
    seconds: done && !Number.isNaN(to - from) ? (to - from) / 1000 : null,
    ...(first.stage !== stage && {
      shards: { begun: parts.length, published: published.length },
    }),
  };
}
