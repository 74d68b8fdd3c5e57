/** A tensor to be written: its bytes as the file has them. */
export interface TensorToWrite {
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

export function float32Tensor(shape: readonly number[], values: Float32Array): TensorToWrite {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'F32', shape, bytes };
}

/** A safetensors file: header length, header, then the tensors in their order. */
export function safetensorsFile(tensors: ReadonlyMap<string, TensorToWrite>): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  return withHeader(JSON.stringify(header), concatenated([...tensors.values()]));
}

/** A file with any header at all, for tests of what is refused. */
export function withHeader(
  header: string,
  data: Uint8Array,
  claimed?: bigint,
): Uint8Array<ArrayBuffer> {
  const padded = new TextEncoder().encode(header + ' '.repeat((8 - (header.length % 8)) % 8));
  const file = new Uint8Array(8 + padded.length + data.length);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(padded.length), true);
  file.set(padded, 8);
  file.set(data, 8 + padded.length);
  return file;
}

function concatenated(tensors: readonly TensorToWrite[]): Uint8Array {
  const all = new Uint8Array(tensors.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let offset = 0;
  for (const { bytes } of tensors) {
    all.set(bytes, offset);
    offset += bytes.length;
  }
  return all;
}
