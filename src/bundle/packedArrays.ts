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

/** One buffer of a JSON value and named typed arrays: what checkpoints and rehearsals are. */
export function packArrays(meta: unknown, arrays: ReadonlyMap<string, PackedArray>): Uint8Array {
  const header: Header = { meta, arrays: [] };
  let size = 0;
  for (const [name, array] of arrays) {
    const kind = array.constructor.name as Kind;
    header.arrays.push({ name, kind, length: array.length, at: size });
    size += Math.ceil(array.byteLength / 8) * 8;
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = Math.ceil((4 + json.length) / 8) * 8;
  const packed = new Uint8Array(start + size);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, 4);
  let i = 0;
  for (const array of arrays.values()) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    packed.set(bytes, start + header.arrays[i++]!.at);
  }
  return packed;
}

/** Reads what `packArrays` made. The arrays are copies. */
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
