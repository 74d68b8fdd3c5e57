import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  tinyEncoderFiles,
  type TinyEncoderOptions,
} from '../../ml/transformers/testing/tinyEncoder';

/** Writes the folder of a complete tiny encoder: what `trainyard encoders add` takes, without a download. */
export function writeTinyEncoder(folder: string, options: TinyEncoderOptions = {}): void {
  writeFiles(folder, tinyEncoderFiles(options));
}

/** Writes files by their paths below a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
