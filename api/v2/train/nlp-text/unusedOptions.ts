import type { NlpTextBody } from './schema';

/** What the trainer that a request chose has no use for: said, not passed over. */
export function unusedOptions({
  train_options: train,
  model_options,
  data,
}: NlpTextBody): string[] {
  const encoder = model_options?.encoder !== undefined;
  const full = encoder && model_options.training === 'full';
  const warnings: string[] = [];
  const unused = (option: string, why: string) => {
    warnings.push(`${option} changes nothing: ${why}`);
  };
  for (const option of ['learning_rate', 'batch_size'] as const) {
    if (full || train?.[option] === undefined) continue;
    unused(`train_options.${option}`, 'the text trainer has no use for it');
  }
  if (train?.max_in_memory_batches !== undefined) {
    unused('train_options.max_in_memory_batches', 'the text trainer has no use for it');
  }
  if (encoder && !full && train?.epochs !== undefined) {
    unused('train_options.epochs', 'with a frozen encoder the head is solved, not stepped');
  }
  if (train?.test_split !== undefined && (data?.test_files?.length ?? 0) > 0) {
    unused('train_options.test_split', 'there are test files');
  }
  for (const option of ['training', 'max_length', 'long_texts', 'quantize'] as const) {
    if (encoder || model_options?.[option] === undefined) continue;
    unused(`model_options.${option}`, 'it needs model_options.encoder');
  }
  return warnings;
}
