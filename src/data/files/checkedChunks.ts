import type { ChunkSource } from './fileRange';
import { refuseBinary, type TextFormat } from './refuseBinary';

export interface CheckedOptions {
  /** What the file should be; a well-known binary file is refused. */
  format: TextFormat;
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?: ((bytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The bytes of a text file. */
export async function* checkedChunks(
  file: ChunkSource,
  { format, onProgress, signal }: CheckedOptions,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of file.chunks(signal)) {
    if (bytes === 0) refuseBinary(file.name, chunk, format);
    yield chunk;
    bytes += chunk.length;
    onProgress?.(bytes);
  }
}
