import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryName } from '../artifacts/disk/temporaryNames';
import type { Encoder } from '../database/models/encoders';
import { addEncoder, type EncoderPlaces } from './addEncoder';
import { copyEncoder } from './copyFolder';
import { checkEncoderName, defaultName } from './encoderName';
import { downloadEncoder, type HubOptions } from './hub/downloadEncoder';

export interface AddOptions extends EncoderPlaces {
  /** `TRAINYARD_HOME`: copies and downloads lie below its `encoders/` until they are stored. */
  home: string;
  /** @default the last part of the folder or hub id */
  name?: string;
}

/** Adds an encoder from a folder of the operator, which is only read. */
export async function addFromFolder(from: string, options: AddOptions): Promise<Encoder> {
  const name = options.name ?? defaultName(from);
  checkEncoderName(name);
  const folder = join(options.home, 'encoders', temporaryName());
  await mkdir(folder, { recursive: true });
  try {
    const licence = await copyEncoder(from, folder);
    return await addEncoder(options, { folder, name, source: 'folder', licence });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adds an encoder from the hub. A download that failed goes on at the next call. */
export async function addFromHub(
  id: string,
  revision: string,
  options: AddOptions & { hub: Omit<HubOptions, 'root'> },
): Promise<Encoder> {
  const name = options.name ?? defaultName(id);
  checkEncoderName(name);
  const root = join(options.home, 'encoders', 'downloads');
  const downloaded = await downloadEncoder({ id, revision }, { ...options.hub, root });
  try {
    const { folder, source, licence } = downloaded;
    const added = await addEncoder(options, { folder, name, source, licence });
    await downloaded.remove();
    return added;
  } catch (error) {
    await downloaded.leave();
    throw error;
  }
}
