/** One attempt at a stage of a run, or at one of its items. */
export interface Attempt {
  runId: string;
  modelId: string;
  name: string;
  /** What the database calls it: see stageKey. */
  stage: string;
  /** Of a stage that fans out: the number of the item, from 0. */
  item?: number | undefined;
  fence: number;
  /** From 1; people see it in logs. */
  number: number;
}
