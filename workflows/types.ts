/** What a workflow is told: ids only; everything else is read from the database by activities. */
export interface RunHandle {
  runId: string;
  modelId: string;
  ownerId: string;
  /** 1 for the first workflow of a run, one more for each retry. */
  execution: number;
  /** The texts are embedded before the training, in shards. Absent: they are not. */
  embeds?: boolean;
}

export type StageName = 'extract' | 'preprocess' | 'embed' | 'train' | 'evaluate';

/** How a stage has got its output: from the step cache, for it, without it; null: it is never cached. */
export interface StageResult {
  cache: 'hit' | 'made' | 'off' | null;
}

export interface ProgressReport {
  stage: StageName;
  /** One line for people. */
  line: string;
}

/** What the workflow answers to operators; the same as the database row. */
export interface WorkflowStatus {
  status: 'starting' | 'in_progress' | 'complete' | 'failed' | 'stopped';
  stage: StageName | 'report' | 'deploy' | null;
  progress: string | null;
}

/** The stages that wait, compute or move data: one remote activity each, or one for each shard. */
export type StageActivities = Record<
  StageName,
  (run: RunHandle, shard?: number) => Promise<StageResult>
>;

/** Short writes: local activities, which cost a fifth of a remote one. */
export interface LifecycleActivities {
  /** In histories that are older it tells nothing. */
  begin(run: RunHandle): Promise<{ onlyOfOwner: boolean } | undefined>;
  /** How many shards the rows are embedded in; known once they are extracted. */
  countShards(run: RunHandle): Promise<number>;
  report(run: RunHandle): Promise<{ score: number | null }>;
  finish(run: RunHandle): Promise<void>;
  /** Only when the request asked for it; says whether it did. */
  deploy(run: RunHandle): Promise<boolean>;
  fail(run: RunHandle, failure: { kind: string; message: string }): Promise<void>;
  stop(run: RunHandle): Promise<void>;
}

export interface TimeoutOptions {
  heartbeatMs: number;
}
