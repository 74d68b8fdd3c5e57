/** State is made of these; numbers lie in them little-endian. */
export type StateArray = Float32Array | Float64Array | Int32Array;

/** The readable half of a snapshot: plain values, and what lies where in its bytes. Survives JSON exactly. */
export interface SnapshotJson<Values> {
  values: Values;
  arrays: { name: string; type: 'float32' | 'float64' | 'int32'; length: number }[];
}

/** State as JSON and bytes. */
export interface Snapshot<Values> {
  json: SnapshotJson<Values>;
  /**
   * The bytes, to be written one part after another. Views of living state, so that nothing is copied:
   * they hold until training goes on.
   */
  parts: Uint8Array[];
}

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

export function snapshotOf<Values>(
  values: Values,
  arrays: Record<string, StateArray>,
): Snapshot<Values> {
  const entries = Object.entries(arrays);
  return {
    json: {
      values,
      arrays: entries.map(([name, array]) => ({ name, type: typeOf(array), length: array.length })),
    },
    parts: entries.map(
      ([, array]) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    ),
  };
}

/** A copy of a snapshot's bytes as one array. */
export function snapshotBytes({ parts }: Pick<Snapshot<unknown>, 'parts'>): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The arrays of a snapshot, copied out of its bytes. Throws where the two do not belong together. */
export function snapshotArrays(
  json: SnapshotJson<unknown>,
  bytes: Uint8Array,
): Map<string, StateArray> {
  const arrays = new Map<string, StateArray>();
  let at = 0;
  for (const { name, type, length } of json.arrays) {
    const array = new constructors[type](length);
    const part = bytes.subarray(at, at + array.byteLength);
    if (part.length < array.byteLength) break;
    new Uint8Array(array.buffer).set(part);
    arrays.set(name, array);
    at += part.length;
  }
  if (arrays.size < json.arrays.length || at !== bytes.length) {
    throw new Error(
      `A snapshot of ${bytes.length} bytes does not hold the arrays that its description lists ` +
        `(${json.arrays.map((a) => `${a.name}: ${a.length} × ${a.type}`).join(', ')}).`,
    );
  }
  return arrays;
}

/** Copies one array of a snapshot over `target`, which must be of its type and length. */
export function restoreInto(
  target: StateArray,
  arrays: ReadonlyMap<string, StateArray>,
  name: string,
): void {
  const source = arrays.get(name);
  if (source?.length !== target.length || typeOf(source) !== typeOf(target)) {
    throw new Error(
      `The snapshot's array "${name}" should be ${target.length} × ${typeOf(target)}, and is ` +
        `${source ? `${source.length} × ${typeOf(source)}` : 'missing'}: it is of another model.`,
    );
  }
  target.set(source);
}

function typeOf(array: StateArray): 'float32' | 'float64' | 'int32' {
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Float64Array ? 'float64' : 'int32';
}
