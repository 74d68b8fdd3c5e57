/** A line without its line break, counted from 1; `bytes` is undefined for one over the limit. */
export interface Line {
  number: number;
  bytes: Buffer | undefined;
}

/** Cuts UTF-8 into lines at LF; the CR of a CRLF is white space to JSON. A line over `most` bytes is dropped. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  most: number,
): AsyncGenerator<Line> {
  let number = 1;
  let pieces: Buffer[] = [];
  let held = 0;
  const take = (piece: Buffer): void => {
    held += piece.length;
    if (held <= most) pieces.push(piece);
    else pieces = [];
  };
  const line = (): Line => {
    const bytes = held <= most ? Buffer.concat(pieces) : undefined;
    pieces = [];
    held = 0;
    return { number: number++, bytes };
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
  if (held > 0) yield line();
}
