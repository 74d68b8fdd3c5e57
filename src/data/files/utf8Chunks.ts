import { asUtf8 } from '../charset/decode';
import type { Charset } from '../charset/detect';
import type { ChunkSource } from './fileRange';
import { refuseBinary } from './refuseBinary';

export interface Utf8Options {
  /** What the file should be; a well-known binary file is refused. */
  format: 'CSV' | 'JSON Lines';
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?: ((bytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A text file in any charset, as UTF-8 without a byte order mark. */
export function utf8Chunks(
  file: ChunkSource,
  charset: Charset,
  { format, onProgress, signal }: Utf8Options,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of file.chunks(signal)) {
      if (bytes === 0) refuseBinary(file.name, chunk, format);
      yield chunk;
      bytes += chunk.length;
      onProgress?.(bytes);
    }
  }
  return asUtf8(counted(), charset);
}
