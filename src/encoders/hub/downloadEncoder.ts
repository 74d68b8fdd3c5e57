import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrainyardError } from '../../errors';
import { optionalFiles } from '../../ml/transformers/files/readEncoder';
import { modulesFile, poolingFiles } from '../../ml/transformers/files/readPooling';
import { configFile } from '../../ml/transformers/files/readConfig';
import { weightsFile } from '../../ml/transformers/files/safetensors';
import { tokenizerFile } from '../../ml/transformers/files/tokenizer/tokenizer';
import { checkWithoutWeights, invalidEncoder, largestSmallFile } from '../encoderFolder';
import { licenceIn } from '../licence';
import { claimDownloadFolder, downloadKey, type DownloadFolder } from './downloadFolder';
import { downloadFile, type DownloadOptions } from './downloadFile';
import { notAtHub } from './hubFailures';
import { checkHubName, type HubName } from './hubNames';

/** The largest encoders have a few gigabytes. */
const largestWeights = 16 * 1024 ** 3;
const readmeFile = 'README.md';

export interface HubOptions extends Omit<DownloadOptions, 'mostBytes'> {
  /** Nothing may be downloaded. */
  offline: boolean;
  /** Folder in which downloads grow; what fails is found there again. */
  root: string;
}

export interface DownloadedEncoder {
  /** Holds the encoder's files and nothing else. */
  folder: string;
  /** Id and commit: `owner/name@1a2b…`. */
  source: string;
  licence?: string;
  /** For a failure to store it: the next try downloads nothing again. */
  leave: () => Promise<void>;
  remove: () => Promise<void>;
}

/**
 * Downloads an encoder from the hub: all its files at one commit, small ones first and checked before
 * the weights.
 * @throws TrainyardError `hub_offline`, `invalid_hub_id`, `not_at_hub`, `hub_refused`,
 *   `hub_unavailable`, `corrupt_download`, `invalid_encoder`
 */
export async function downloadEncoder(
  name: HubName,
  options: HubOptions,
): Promise<DownloadedEncoder> {
  checkHubName(name);
  if (options.offline) {
    throw new TrainyardError(
      'config',
      'hub_offline',
      `TRAINYARD_OFFLINE is true, so ${name.id} is not downloaded: add a local folder instead`,
    );
  }
  const commit = await commitOf(name, options);
  // Without a commit the same revision may mean other files tomorrow: nothing is resumed later.
  const key = downloadKey(options.hub, name.id, commit ?? randomUUID());
  const claimed = await claimDownloadFolder(options.root, key);
  try {
    const pinned = { id: name.id, revision: commit ?? name.revision };
    await downloadAll(new Download(pinned, claimed.path, options));
    return {
      folder: join(claimed.path, 'files'),
      source: `${pinned.id}@${pinned.revision}`,
      ...(await licenceOf(claimed)),
      leave: claimed.leave,
      remove: claimed.remove,
    };
  } catch (error) {
    await claimed.leave();
    throw error;
  }
}

/** What the revision stands for now; undefined where a mirror does not say. */
async function commitOf(name: HubName, options: HubOptions): Promise<string | undefined> {
  const scratch = await mkdtemp(join(tmpdir(), 'trainyard-'));
  try {
    return (await new Download(name, scratch, options).require(configFile)).commit;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function downloadAll(download: Download): Promise<void> {
  await download.require(configFile);
  await download.require(tokenizerFile);
  for (const path of optionalFiles) await download.get(path);
  await download.get(readmeFile);
  const modules = download.pathOf(modulesFile);
  if (existsSync(modules)) {
    for (const path of poolingFilesIn(await readFile(modules))) await download.get(path);
  }
  checkWithoutWeights(join(download.folder, 'files'));
  if (!(await download.get(weightsFile))) {
    throw invalidEncoder(
      `${weightsFile}: is missing at the hub; expected the weights as one safetensors file (pickles such as pytorch_model.bin are not read)`,
    );
  }
}

function poolingFilesIn(modules: Buffer): string[] {
  try {
    return poolingFiles(modules);
  } catch {
    // What is wrong is said when the folder is checked.
    return [];
  }
}

async function licenceOf({ path }: DownloadFolder): Promise<{ licence?: string }> {
  const readme = join(path, readmeFile);
  const licence = existsSync(readme) ? licenceIn(await readFile(readme, 'utf8')) : undefined;
  return licence === undefined ? {} : { licence };
}

/** The files of one encoder at one commit, on their way into a folder. */
class Download {
  constructor(
    private readonly name: HubName,
    readonly folder: string,
    private readonly options: HubOptions,
  ) {}

  /** The model card is no part of the encoder and lies beside its files. */
  pathOf(path: string): string {
    return path === readmeFile ? join(this.folder, path) : join(this.folder, 'files', path);
  }

  /** @returns false when the hub has no such file */
  async get(path: string): Promise<boolean> {
    if (existsSync(this.pathOf(path))) return true;
    return (await this.download(path)) !== undefined;
  }

  async require(path: string): Promise<{ commit?: string }> {
    if (existsSync(this.pathOf(path))) return {};
    const facts = await this.download(path);
    if (facts) return facts;
    throw notAtHub({ ...this.name, path });
  }

  private download(path: string) {
    const part = join(this.folder, 'parts', path.replaceAll('/', '_'));
    const mostBytes = path === weightsFile ? largestWeights : largestSmallFile;
    const file = { ...this.name, path };
    return downloadFile(file, part, this.pathOf(path), { ...this.options, mostBytes });
  }
}
