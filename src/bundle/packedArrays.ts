/** Typed arrays that a packed file may hold. */
export type PackedArray =
  Uint8Array | Int8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

const kinds = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type Kind = keyof typeof kinds;

interface Header {
  meta: unknown;
  arrays: { name: string; kind: Kind; length: number; at: number }[];
}

/**
 * A JSON value and named typed arrays in a row of bytes: what checkpoints and rehearsals are.
 * @returns its parts, in which the arrays are not copied
 */
export function packedParts(meta: unknown, arrays: ReadonlyMap<string, PackedArray>): Uint8Array[] {
  const header: Header = { meta, arrays: [] };
  let size = 0;
  for (const [name, array] of arrays) {
    const kind = array.constructor.name as Kind;
    header.arrays.push({ name, kind, length: array.length, at: size });
    size += Math.ceil(array.byteLength / 8) * 8;
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = new Uint8Array(Math.ceil((4 + json.length) / 8) * 8);
  new DataView(start.buffer).setUint32(0, json.length, true);
  start.set(json, 4);
  const parts: Uint8Array[] = [start];
  for (const { buffer, byteOffset, byteLength } of arrays.values()) {
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    if (byteLength % 8 !== 0) parts.push(new Uint8Array(8 - (byteLength % 8)));
  }
  return parts;
}

/** The same in one buffer. */
export function packArrays(meta: unknown, arrays: ReadonlyMap<string, PackedArray>): Uint8Array {
  return Buffer.concat(packedParts(meta, arrays));
}

/** Reads what `packArrays` made, or the parts one after the other. The arrays are copies. */
export function unpackArrays(packed: Uint8Array): {
  meta: unknown;
  arrays: Map<string, PackedArray>;
} {
  const copy = new Uint8Array(packed).buffer;
  const length = new DataView(copy).getUint32(0, true);
  const header = JSON.parse(Buffer.from(copy, 4, length).toString('utf8')) as Header;
  const start = Math.ceil((4 + length) / 8) * 8;
  const arrays = new Map<string, PackedArray>();
  for (const { name, kind, length: entries, at } of header.arrays) {
    const from = start + at;
    const bytes = copy.slice(from, from + entries * kinds[kind].BYTES_PER_ELEMENT);
    arrays.set(name, new kinds[kind](bytes));
  }
  return { meta: header.meta, arrays };
}
