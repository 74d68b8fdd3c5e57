/** A line without its line break, counted from 1. */
export interface Line {
  number: number;
  /** All of it; of one over the limit only the start. */
  bytes: Buffer;
  tooLong: boolean;
}

/** Bytes that are kept of a line over the limit. */
const startBytes = 1024;

/** Cuts UTF-8 into lines at LF; the CR of a CRLF is white space to JSON. Of a line over `most` bytes the start is kept. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  most: number,
): AsyncGenerator<Line> {
  let number = 1;
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer): void => {
    const fitted = length <= most;
    length += piece.length;
    if (length <= most) pieces.push(piece);
    else if (fitted) pieces = [startOf([...pieces, piece])];
  };
  const line = (): Line => {
    const taken = { number: number++, bytes: Buffer.concat(pieces), tooLong: length > most };
    pieces = [];
    length = 0;
    return taken;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield line();
}

/** A copy, so that the pieces can go. */
function startOf(pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(pieces.map((piece) => piece.subarray(0, startBytes))).subarray(
    0,
    startBytes,
  );
}
