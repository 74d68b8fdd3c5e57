import type { EncoderConfig } from '../encoderConfig';
import { matchParameters, parameterShapes } from '../parameterNames';
import type { ByteSource } from '../../byteSource';
import { EncoderFileError } from './encoderFileError';
import { toFloat32, weightDtypes, type WeightDtype } from './float32';
import { readHeader, weightsFile, type TensorEntry } from './safetensors';

/** Where the tensor of a parameter lies. */
interface Located {
  parameter: string;
  /** Its name in the file. */
  name: string;
  dtype: WeightDtype;
  entry: TensorEntry;
}

/**
 * The parameters of an encoder as float32, by their names in `parameterShapes`. Poolers, heads and
 * constant ids that the file also has are left out. The header is checked before any tensor is read: it
 * must hold every parameter in its shape, and nothing unknown.
 * @throws EncoderFileError that names the tensor and what was expected
 */
export function readWeights(source: ByteSource, config: EncoderConfig): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const { parameter, name, dtype, entry } of locate(source, config)) {
    const values = toFloat32(source.read(entry.start, entry.end), dtype);
    const wrong = firstNonFinite(values);
    if (wrong >= 0) {
      throw new EncoderFileError(
        weightsFile,
        `tensor "${name}" has ${values[wrong]!} at place ${wrong}; expected finite numbers`,
      );
    }
    weights.set(parameter, values);
  }
  return weights;
}

function locate(source: ByteSource, config: EncoderConfig): Located[] {
  const entries = readHeader(source);
  const { found, missing, unknown } = matchParameters(config, entries.keys());
  const shapes = parameterShapes(config);
  if (missing.length > 0) {
    const name = missing[0]!;
    throw new EncoderFileError(
      weightsFile,
      `tensor "${name}" is missing; expected shape [${shapes.get(name)!.join(', ')}]${more(missing)}`,
    );
  }
  if (unknown.length > 0) {
    throw new EncoderFileError(
      weightsFile,
      `tensor "${unknown[0]!}" belongs to no ${config.family} of ${config.layers} layers${more(unknown)}`,
    );
  }
  return [...found].map(([parameter, name]) =>
    checked(parameter, name, entries.get(name)!, shapes.get(parameter)!),
  );
}

function more(names: readonly string[]): string {
  return names.length === 1 ? '' : ` (and ${names.length - 1} more like it)`;
}

function checked(
  parameter: string,
  name: string,
  entry: TensorEntry,
  shape: readonly number[],
): Located {
  const sameShape =
    entry.shape.length === shape.length && entry.shape.every((n, axis) => n === shape[axis]);
  if (!sameShape) {
    throw new EncoderFileError(
      weightsFile,
      `tensor "${name}" has shape [${entry.shape.join(', ')}]; expected [${shape.join(', ')}]`,
    );
  }
  const dtype = weightDtypes.find((known) => known === entry.dtype);
  if (dtype === undefined) {
    throw new EncoderFileError(
      weightsFile,
      `tensor "${name}" has dtype ${entry.dtype}; expected ${weightDtypes.join(', ')}`,
    );
  }
  return { parameter, name, dtype, entry };
}

function firstNonFinite(values: Float32Array): number {
  const { isFinite } = Number;
  for (let i = 0; i < values.length; i++) if (!isFinite(values[i]!)) return i;
  return -1;
}
