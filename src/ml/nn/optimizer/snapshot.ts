import type { ByteSource } from '../../byteSource';

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

/** A snapshot that was written, ready to be taken up. */
export interface SavedSnapshot<Values> {
  json: SnapshotJson<Values>;
  /** The parts, one after another. */
  bytes: ByteSource;
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
    parts: entries.map(([, array]) => bytesOf(array)),
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

interface Place {
  type: keyof typeof constructors;
  length: number;
  at: number;
}

/** The arrays of a saved snapshot. Each is read when it is asked for, straight into where it is to be. */
export class SavedArrays {
  private readonly bytes: ByteSource;
  private readonly places = new Map<string, Place>();

  /** @throws where JSON and bytes do not belong together */
  constructor({ json, bytes }: SavedSnapshot<unknown>) {
    this.bytes = bytes;
    let at = 0;
    for (const { name, type, length } of json.arrays) {
      this.places.set(name, { type, length, at });
      at += length * constructors[type].BYTES_PER_ELEMENT;
    }
    if (at === bytes.size) return;
    throw new Error(
      `A snapshot of ${bytes.size} bytes does not hold the arrays that its description lists ` +
        `(${json.arrays.map((a) => `${a.name}: ${a.length} × ${a.type}`).join(', ')}).`,
    );
  }

  /** An array in memory of its own; undefined where the snapshot has none of this name. */
  array(name: string): StateArray | undefined {
    const place = this.places.get(name);
    if (place === undefined) return undefined;
    const array = new constructors[place.type](place.length);
    this.bytes.readInto(place.at, bytesOf(array));
    return array;
  }

  /** Reads an array over `target`, which must be of its type and length. */
  restoreInto(target: StateArray, name: string): void {
    const place = this.places.get(name);
    if (place?.length !== target.length || place.type !== typeOf(target)) {
      throw new Error(
        `The snapshot's array "${name}" should be ${target.length} × ${typeOf(target)}, and is ` +
          `${place ? `${place.length} × ${place.type}` : 'missing'}: it is of another model.`,
      );
    }
    this.bytes.readInto(place.at, bytesOf(target));
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: StateArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function typeOf(array: StateArray): 'float32' | 'float64' | 'int32' {
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Float64Array ? 'float64' : 'int32';
}
