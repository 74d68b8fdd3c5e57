/** What the database calls a stage, or one item of a stage that fans out: `train`, `embed-3`. */
export function stageKey(stage: string, item?: number): string {
  return item === undefined ? stage : `${stage}-${item}`;
}

/** The stage and the number that a key is made of. Names of stages are letters, so there is one way to read it. */
export function parseStageKey(key: string): { stage: string; item?: number } {
  const [stage, item] = key.split('-') as [string, string?];
  return item === undefined ? { stage } : { stage, item: Number(item) };
}
