/** What a workflow is told: ids only; everything else is read from the database by activities. */
export interface RunHandle {
  runId: string;
  modelId: string;
  ownerId: string;
  /** 1 for the first workflow of a run, one more for each retry. */
  execution: number;
  /** Of workflows that began before stages declared their items: whether there are any. */
  embeds?: boolean;
}

/** One item of a stage that fans out: its number, from 0, and what it is, a small JSON value. */
export interface StageItem {
  number: number;
  value: unknown;
}

export interface StageResult {
  /** How a stage has got its output: from the step cache, for it, without it; null: it is never cached. */
  cache: 'hit' | 'made' | 'off' | null;
  /** What the stage has for the recipe: small, ids and scores. */
  value?: unknown;
}

export interface ProgressReport {
  stage: string;
  /** One line for people. */
  line: string;
}

/** What the workflow answers to operators; the same as the database row. */
export interface WorkflowStatus {
  status: 'starting' | 'in_progress' | 'complete' | 'failed' | 'stopped';
  /** One that the kind of model declares, `report` or `deploy`. */
  stage: string | null;
  progress: string | null;
}

/**
 * The stages that wait, compute or move data: one remote activity each, or one for each item. A number
 * comes from workflows that began before items had values.
 */
export type StageActivities = Record<
  string,
  (run: RunHandle, item?: StageItem | number) => Promise<StageResult>
>;

/** What the recipe of a training goes by. */
export interface Plan {
  onlyOfOwner: boolean;
  /** The stages that its options give it; absent in histories that are older. */
  stages?: readonly string[];
  /** The task queues of those stages that have another than `cpu`. */
  queues?: Record<string, string>;
}

/** Short writes: local activities, which cost a fifth of a remote one. */
export interface LifecycleActivities {
  /** In histories that are older it tells nothing. */
  begin(run: RunHandle): Promise<Plan | undefined>;
  /** What a stage fans out over, known once the stages before it are done; nothing when the training has no such stage. */
  items(run: RunHandle, stage: string): Promise<readonly unknown[]>;
  /** How many items `embed` has: for workflows that began before `items` was there. */
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

/** What a training had done when its workflow went on as a new one, since its history had grown long. */
export interface Done {
  /** By name, what stages have returned. */
  stages: Record<string, unknown>;
  /** By name, what items have returned; by their numbers. */
  items: Record<string, Record<number, unknown>>;
}
