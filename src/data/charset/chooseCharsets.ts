import type { ChunkSource } from '../files/fileRange';
import { plainCharset, utf8, type Charset } from './charset';
import { inspect, sampleBytes } from './detect';
import { fitsCharset, guessCharset } from './guess';

export interface ChooseCharsets {
  /** Of files whose bytes do not say it themselves. null: guessed. */
  given: string | null;
  /** Names that must stand in the files, such as those of columns: a charset in which they do is the right one. */
  names?: readonly string[];
  signal?: AbortSignal;
}

/** Bytes of all files together that a guess is made of. */
const pooledBytes = 1 << 20;

/**
 * The charset of each of some files that belong together, in their order. What is not marked, UTF-8 or UTF-16 gets
 * one guess for all of it, so that a word is the same word in each file; only a file in which that makes
 * no sense gets one of its own.
 */
export async function chooseCharsets(
  files: readonly ChunkSource[],
  { given, names, signal }: ChooseCharsets,
): Promise<Charset[]> {
  const found: (Charset | undefined)[] = [];
  const samples = new Map<number, Buffer>();
  let pooled = 0;
  for (const [i, file] of files.entries()) {
    const inspection = await inspect(file.chunks(signal));
    found.push('charset' in inspection ? inspection.charset : undefined);
    if ('charset' in inspection || given !== null) continue;
    // Of many files a little of each.
    const most = pooled < pooledBytes ? sampleBytes : 4096;
    const sample = Buffer.from(inspection.sample.subarray(0, most));
    samples.set(i, sample);
    pooled += sample.length;
  }
  if (given !== null) {
    const charset = given === 'utf-8' ? { ...utf8, damaged: true } : plainCharset(given);
    return found.map((known) => known ?? charset);
  }
  if (samples.size === 0) return found.map((known) => known!);
  const guess = guessCharset([...samples.values()], names);
  return found.map((known, i) => {
    if (known) return known;
    const sample = samples.get(i)!;
    return plainCharset(fitsCharset(sample, guess) ? guess : guessCharset([sample], names));
  });
}
