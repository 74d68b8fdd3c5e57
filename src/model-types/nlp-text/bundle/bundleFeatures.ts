import { endianness } from 'node:os';
import { bytesOf } from '../../../ml/onnx/graph';
import { damagedBundle } from '../../../bundle/damagedBundle';

/** The feature rows of a model: row i is bucket `buckets[i]`, its count multiplied with `scales[i]`. */
export interface FeatureRows {
  buckets: Uint32Array;
  scales: Float32Array;
}

const bytesPerRow = 8;

/** `features.bin`: all buckets (uint32), then all scales (float32), little-endian. */
export function encodeFeatureRows({ buckets, scales }: FeatureRows): Uint8Array {
  assertLittleEndian();
  const bytes = new Uint8Array(buckets.length * bytesPerRow);
  bytes.set(bytesOf(buckets));
  bytes.set(bytesOf(scales), buckets.byteLength);
  return bytes;
}

export function decodeFeatureRows(bytes: Uint8Array, rows: number): FeatureRows {
  assertLittleEndian();
  if (bytes.length !== rows * bytesPerRow) {
    throw damagedBundle(
      `features.bin has ${bytes.length} bytes, ${rows} rows need ${rows * bytesPerRow}`,
    );
  }
  const copy = new Uint8Array(bytes).buffer;
  const buckets = new Uint32Array(copy, 0, rows);
  if (!isAscending(buckets)) throw damagedBundle('the buckets in features.bin are not ascending');
  return { buckets, scales: new Float32Array(copy, rows * 4, rows) };
}

function isAscending(values: Uint32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! <= values[i - 1]!) return false;
  return true;
}

function assertLittleEndian(): void {
  if (endianness() !== 'LE')
    throw new Error('models are read and written on little-endian machines only');
}
