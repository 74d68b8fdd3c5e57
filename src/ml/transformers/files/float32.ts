import { fromHalf } from '../../onnx/float16';

/** The dtypes that weights may have. */
export const weightDtypes = ['F32', 'F16', 'BF16'] as const;
export type WeightDtype = (typeof weightDtypes)[number];

/** Little-endian numbers of a dtype as float32. The result may share memory with `bytes`. */
export function toFloat32(bytes: Uint8Array, dtype: WeightDtype): Float32Array {
  if (dtype === 'F32') return float32Of(aligned(bytes, 4));
  const source = aligned(bytes, 2);
  const words = new Uint16Array(source.buffer, source.byteOffset, source.length / 2);
  return dtype === 'F16' ? halves(words) : brains(words);
}

function halves(words: Uint16Array): Float32Array {
  const values = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) values[i] = fromHalf(words[i]!);
  return values;
}

/** bfloat16 is the upper half of a float32. */
function brains(words: Uint16Array): Float32Array {
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) bits[i] = words[i]! << 16;
  return new Float32Array(bits.buffer);
}

function float32Of(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Typed arrays of wider numbers start at multiples of their width only. */
function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : bytes.slice();
}
