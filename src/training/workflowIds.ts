/** The workflow of a model's training: one id for each execution, so a retry is a new workflow. */
export function workflowIdOf(modelId: string, execution: number): string {
  return execution === 1 ? `train-${modelId}` : `train-${modelId}-${execution}`;
}

const workflowTypes: Record<string, string> = {
  'nlp-text': 'trainNlpText',
  'nlp-doc': 'trainNlpText',
};

/** Which recipe trains a model type. */
export function workflowTypeOf(modelType: string): string {
  const type = workflowTypes[modelType];
  if (type === undefined) throw new Error(`no workflow trains ${modelType}`);
  return type;
}
