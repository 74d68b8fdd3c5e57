/** The workflow of a model's training: one id for each execution, so a retry is a new workflow. */
export function workflowIdOf(modelId: string, execution: number): string {
  return execution === 1 ? `train-${modelId}` : `train-${modelId}-${execution}`;
}
