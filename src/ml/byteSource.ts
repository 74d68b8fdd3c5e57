/** Bytes that are read piece by piece: a file of any size, or a buffer in tests. */
export interface ByteSource {
  /** Bytes there are. */
  readonly size: number;
  /** The bytes from `start` to before `end`, in memory of their own. */
  read(start: number, end: number): Uint8Array;
  /** Fills `into` with the bytes from `start` on. */
  readInto(start: number, into: Uint8Array): void;
}

export function bufferSource(content: Uint8Array): ByteSource {
  return {
    size: content.length,
    read: (start, end) => content.slice(start, end),
    readInto: (start, into) => into.set(content.subarray(start, start + into.length)),
  };
}

/** What comes after the first `start` bytes of a source. */
export function restOf(source: ByteSource, start: number): ByteSource {
  return {
    size: source.size - start,
    read: (from, to) => source.read(start + from, start + to),
    readInto: (from, into) => source.readInto(start + from, into),
  };
}
