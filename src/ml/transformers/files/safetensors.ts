import type { ByteSource } from '../../byteSource';
import { EncoderFileError } from './encoderFileError';
import { JsonFields, parseJson, shown } from './jsonFields';
import { repeatedName } from './repeatedName';

export const weightsFile = 'model.safetensors';

/** Bytes of one number, for every dtype of the format. */
const dtypes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;
export type Dtype = keyof typeof dtypes;

/** Where a tensor lies in the file. */
export interface TensorEntry {
  dtype: Dtype;
  shape: readonly number[];
  /** First byte in the file. */
  start: number;
  /** The byte after the last. */
  end: number;
}

/** The largest encoders need under 1 MiB; a larger claim is an attack or no safetensors file. */
const largestHeader = 16 * 1024 * 1024;
const mostDimensions = 8;

/**
 * Reads and checks the header of a safetensors file: a length in 8 bytes, JSON, then the tensors'
 * bytes without gaps or overlaps up to the end of the file.
 * @throws EncoderFileError that names the tensor
 */
export function readHeader(source: ByteSource): Map<string, TensorEntry> {
  const dataStart = 8 + headerLength(source);
  const content = source.read(8, dataStart);
  const fields = JsonFields.of(weightsFile, '', parseJson(weightsFile, content));
  const repeated = repeatedName(new TextDecoder().decode(content));
  if (repeated !== undefined) {
    throw new EncoderFileError(weightsFile, `tensor ${shown(repeated)} is there twice`);
  }
  const entries = new Map<string, TensorEntry>();
  for (const name of fields.names()) {
    if (name !== '__metadata__') entries.set(name, readEntry(fields.object(name), dataStart));
  }
  checkLayout(entries, dataStart, source.size);
  return entries;
}

function headerLength(source: ByteSource): number {
  const room = source.size - 8;
  if (room < 2)
    throw new EncoderFileError(weightsFile, `has ${source.size} bytes: it is cut short`);
  const start = source.read(0, 8);
  const claimed = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  const most = Math.min(room, largestHeader);
  if (claimed >= 2 && claimed <= most) return claimed;
  throw new EncoderFileError(
    weightsFile,
    `its header claims ${claimed} bytes; expected 2 to ${most}: it is cut short, or no safetensors file`,
  );
}

function readEntry(fields: JsonFields, dataStart: number): TensorEntry {
  const dtype = fields.oneOf('dtype', Object.keys(dtypes) as Dtype[]);
  const shape = wholeNumbers(fields, 'shape');
  if (shape.length > mostDimensions) {
    fields.refuse('shape', `at most ${mostDimensions} dimensions`);
  }
  const offsets = wholeNumbers(fields, 'data_offsets');
  const [from, to] = offsets;
  if (offsets.length !== 2 || from! > to!) {
    fields.refuse('data_offsets', 'first byte and end, in this order');
  }
  const bytes = shape.reduce((product, n) => product * n, dtypes[dtype]);
  if (to! - from! !== bytes) {
    fields.refuse(
      'data_offsets',
      `${bytes} bytes for ${dtype} of shape [${shape.join(', ')}], not ${to! - from!}`,
    );
  }
  return { dtype, shape, start: dataStart + from!, end: dataStart + to! };
}

function wholeNumbers(fields: JsonFields, name: string): number[] {
  const list = fields.list(name);
  if (list.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0)) {
    return list as number[];
  }
  return fields.refuse(name, 'whole numbers from 0');
}

/** Tensors must follow each other from the header to the end of the file. */
function checkLayout(
  entries: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  size: number,
): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let reached = dataStart;
  for (const [name, { start, end }] of inOrder) {
    if (end > size) {
      throw new EncoderFileError(
        weightsFile,
        `tensor "${name}" ends at byte ${end}, but the file has ${size}: it is cut short`,
      );
    }
    if (start !== reached) {
      throw new EncoderFileError(
        weightsFile,
        `tensor "${name}" starts at byte ${start}; expected ${reached}, where the one before it ends`,
      );
    }
    reached = end;
  }
  if (reached !== size) {
    throw new EncoderFileError(
      weightsFile,
      `has ${size} bytes; expected ${reached}, where the last tensor ends`,
    );
  }
}
