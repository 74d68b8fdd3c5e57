/** Bytes that are read piece by piece: a file, or a buffer in tests. */
export interface ByteSource {
  /** Bytes there are. */
  readonly size: number;
  /** The bytes from `start` to before `end`, in memory of their own. */
  read(start: number, end: number): Uint8Array;
}

export function bufferSource(content: Uint8Array): ByteSource {
  return { size: content.length, read: (start, end) => content.slice(start, end) };
}
