import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TrainyardError } from '../../errors';

/** A file as people know it, and where its bytes lie: a whole file, or a part of a pack. */
export interface FileRange {
  /** Shown in messages. */
  name: string;
  path: string;
  offset: number;
  bytes: number;
}

/** Bytes that can be streamed more than once, wherever they lie. */
export interface ChunkSource {
  /** Shown in messages. */
  name: string;
  chunks(signal?: AbortSignal): AsyncIterable<Buffer>;
}

/** A local file as a source of bytes. */
export function chunkSource(file: FileRange): ChunkSource {
  return { name: file.name, chunks: (signal) => readChunks(file, signal) };
}

const chunkBytes = 256 << 10;

/** The bytes of a file, in chunks of at most 256 KiB. Fails when the file is shorter than it should be. */
async function* readChunks(file: FileRange, signal?: AbortSignal): AsyncGenerator<Buffer> {
  if (file.bytes === 0) return;
  const stream = createReadStream(file.path, {
    start: file.offset,
    end: file.offset + file.bytes - 1,
    highWaterMark: chunkBytes,
  });
  let seen = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    seen += chunk.length;
    yield chunk;
  }
  if (seen < file.bytes) throw shortened(file);
}

/** A whole file in memory; the caller has looked at `file.bytes`. */
export async function readWhole(file: FileRange): Promise<Buffer> {
  const handle = await open(file.path, 'r');
  try {
    const content = Buffer.allocUnsafe(file.bytes);
    const { bytesRead } = await handle.read(content, 0, file.bytes, file.offset);
    if (bytesRead < file.bytes) throw shortened(file);
    return content;
  } finally {
    await handle.close();
  }
}

function shortened(file: FileRange): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'file_shortened',
    `${file.name} ends before its ${file.bytes} bytes; the stored copy is damaged`,
  );
}
