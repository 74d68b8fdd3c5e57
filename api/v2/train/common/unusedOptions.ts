import type { EncoderOptions } from './fields';

/** The parts of a request whose use depends on each other. */
interface TrainingBody {
  model_options?: EncoderOptions | null | undefined;
  train_options?: Partial<Record<TrainOption, number | undefined>> | null | undefined;
  data?: { test_files?: readonly unknown[] | null | undefined } | null | undefined;
}

type TrainOption =
  'epochs' | 'learning_rate' | 'batch_size' | 'max_in_memory_batches' | 'test_split';

/** What the trainer that a request chose has no use for: said, not passed over. */
export function unusedOptions({
  train_options: train,
  model_options,
  data,
}: TrainingBody): string[] {
  const encoder = model_options?.encoder !== undefined;
  const full = encoder && model_options?.training === 'full';
  const warnings: string[] = [];
  const unused = (option: string, why: string) => {
    warnings.push(`${option} changes nothing: ${why}`);
  };
  for (const option of ['learning_rate', 'batch_size'] as const) {
    if (full || train?.[option] === undefined) continue;
    unused(`train_options.${option}`, 'the trainer has no use for it');
  }
  if (train?.max_in_memory_batches !== undefined) {
    unused('train_options.max_in_memory_batches', 'the trainer has no use for it');
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
