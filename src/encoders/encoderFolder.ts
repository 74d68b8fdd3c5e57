import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../errors';
import type { EncoderConfig } from '../ml/transformers/encoderConfig';
import { EncoderFileError } from '../ml/transformers/files/encoderFileError';
import { filesOfEncoder, readEncoder, type Encoder } from '../ml/transformers/files/readEncoder';
import { modulesFile } from '../ml/transformers/files/readPooling';
import { readWeights } from '../ml/transformers/files/readWeights';
import { weightsFile } from '../ml/transformers/files/safetensors';
import { withFile } from '../support/largeFiles';

/** Descriptions, vocabularies and the like; the largest published tokenizers have 33 MB. */
export const largestSmallFile = 128 * 1024 * 1024;

/** An encoder with its parameters, ready for a graph. */
export interface LoadedEncoder extends Encoder {
  /** By the names of `parameterShapes`. */
  weights: Map<string, Float32Array>;
}

/**
 * Reads an encoder from a local folder, wholly checked.
 *
 * @param accept may refuse it before its weights are read
 * @throws TrainyardError `invalid_encoder` that names the file, the field or tensor, and what is expected
 */
export function loadEncoder(
  folder: string,
  accept: (encoder: Encoder) => void = () => undefined,
): LoadedEncoder {
  return explained(() => {
    const encoder = readEncoder(smallFiles(folder));
    accept(encoder);
    const weights = weightsIn(folder, encoder.config);
    return { ...encoder, weights };
  });
}

/** Checks what can be checked before the weights are there. */
export function checkWithoutWeights(folder: string): Encoder {
  return explained(() => readEncoder(smallFiles(folder)));
}

/** Paths of the files in a folder that belong to the encoder, sorted: all that its hash covers. */
export function encoderFiles(folder: string): string[] {
  const modules = contentOf(folder, modulesFile);
  const named = explained(() => filesOfEncoder(modules));
  return named.filter((path) => statOf(folder, path)?.isFile()).sort();
}

function weightsIn(folder: string, config: EncoderConfig): Map<string, Float32Array> {
  if (!statOf(folder, weightsFile)?.isFile()) {
    throw new EncoderFileError(weightsFile, 'is missing; an encoder needs it');
  }
  return withFile(join(folder, weightsFile), (source) => readWeights(source, config));
}

function smallFiles(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const path of encoderFiles(folder)) {
    if (path !== weightsFile) files.set(path, contentOf(folder, path)!);
  }
  return files;
}

function contentOf(folder: string, path: string): Uint8Array | undefined {
  const stat = statOf(folder, path);
  if (!stat?.isFile()) return undefined;
  if (stat.size > largestSmallFile) {
    throw invalidEncoder(`${path}: has ${stat.size} bytes; expected ${largestSmallFile} at most`);
  }
  return readFileSync(join(folder, path));
}

function statOf(folder: string, path: string) {
  return statSync(join(folder, path), { throwIfNoEntry: false });
}

/** Runs `read`, and turns what is wrong with a file into an error for people. */
function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EncoderFileError) throw invalidEncoder(error.message);
    throw error;
  }
}

export function invalidEncoder(problem: string): TrainyardError {
  return new TrainyardError('data', 'invalid_encoder', problem);
}
