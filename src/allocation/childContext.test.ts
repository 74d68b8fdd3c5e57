import { ChildContext } from './childContext';

const job = {
  modelType: 'nlp-text',
  stage: 'extract',
  options: {},
  inputs: 'in',
  outputs: 'out',
  checkpoints: 'ck',
  cores: 1,
  memoryMb: 500,
} as const;

test('the signal of a stage fires once its owner asks it to stop', () => {
  const context = new ChildContext(job, () => undefined);
  expect(context.signal.aborted).toBe(false);
  context.receive({ type: 'abort' });
  expect(context.signal.aborted).toBe(true);
});
