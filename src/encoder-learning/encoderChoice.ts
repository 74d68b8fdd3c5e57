import { TrainyardError } from '../errors';

/** The pretrained encoder that a model is trained from, and how; part of the options of a run. */
export interface EncoderChoice {
  /** What the operator calls it; for people only. */
  name: string;
  /** Hash of its files (see src/encoders): what counts. */
  hash: string;
  /** `frozen`: texts become embeddings once, and a head is learnt on them. `full`: all weights learn. */
  training: 'frozen' | 'full';
  /** The most tokens of a text that the encoder sees at once, special ones counted. */
  max_length: number;
  /** What becomes of longer texts: `window` reads all parts and pools them, `truncate` reads the start. */
  long_texts: 'window' | 'truncate';
  /** Store the products' weights as int8 where that costs next to no quality on validation. */
  quantize: boolean;
}

/** What of a choice an embedding depends on: part of the keys under which embeddings are cached. */
export function embeddingOptions({ hash, max_length, long_texts }: EncoderChoice) {
  return { hash, max_length, long_texts };
}

/** Training from an encoder starts from the encoder. */
export function encoderWithBase(): TrainyardError {
  return new TrainyardError(
    'config',
    'encoder_with_base',
    'not available: model_options.encoder together with base_model_id. Leave one of them out',
  );
}

/** Nor does training go on from a model that was made from one. */
export function baseWithEncoder(): TrainyardError {
  return new TrainyardError(
    'config',
    'base_model_encoder',
    'the base model was trained from an encoder: trainings that go on from such a model are not available. Train from the encoder again, with the new rows added',
  );
}
