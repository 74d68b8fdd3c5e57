import { constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { weightsFile } from '../ml/transformers/files/safetensors';
import { encoderFiles, invalidEncoder, largestSmallFile } from './encoderFolder';
import { licenceIn } from './licence';

/** Formats of weights that people have and we do not read, and why. */
const otherWeights: readonly [pattern: RegExp, reason: string][] = [
  [/\.(bin|pt|pth|ckpt|pkl)$/, 'is a pickle, which can run code when it is read'],
  [/\.safetensors\.index\.json$/, 'says that the weights lie in several files'],
  [/\.(h5|msgpack|onnx|gguf|ot)$/, 'holds weights in another format'],
];

/**
 * Copies the files of an encoder out of an operator's folder (symbolic links are followed), so that
 * what is checked is what is stored.
 * @returns the licence that the folder states
 */
export async function copyEncoder(from: string, to: string): Promise<string | undefined> {
  if (!statSync(from, { throwIfNoEntry: false })?.isDirectory()) {
    throw invalidEncoder(`${JSON.stringify(from)} is no folder`);
  }
  refuseOtherWeights(readdirSync(from));
  for (const path of encoderFiles(from)) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
  }
  return readLicence(join(from, 'README.md'));
}

/** Says for a folder without safetensors what it has instead. */
export function refuseOtherWeights(names: readonly string[]): void {
  if (names.includes(weightsFile)) return;
  for (const [pattern, reason] of otherWeights) {
    const name = names.find((candidate) => pattern.test(candidate));
    if (name) throw invalidEncoder(`${name}: ${reason}; expected ${weightsFile}, one file`);
  }
}

function readLicence(path: string): string | undefined {
  if (!existsSync(path) || statSync(path).size > largestSmallFile) return undefined;
  return licenceIn(readFileSync(path, 'utf8'));
}
