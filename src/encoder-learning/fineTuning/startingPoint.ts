import { randomAt, streamKey } from '../../ml/random/counterRandom';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { headNames } from '../../ml/transformers/parameterLayout';

const stream = 0x4ead;
/** Standard deviation of a new head's weights, as BERT begins them. */
const deviation = 0.02;

/** The encoder's weights and those of a new head: small numbers by the seed, biases 0. */
export function withNewHead(
  weights: ReadonlyMap<string, Float32Array>,
  { hidden }: EncoderConfig,
  labels: number,
  seed: number,
): Map<string, Float32Array> {
  const key = streamKey(seed, stream);
  const widest = deviation * Math.sqrt(3);
  const head = Float32Array.from(
    { length: labels * hidden },
    (_, i) => widest * (randomAt(key, i) / 2147483648 - 1),
  );
  return new Map(weights).set(headNames.weight, head).set(headNames.bias, new Float32Array(labels));
}
