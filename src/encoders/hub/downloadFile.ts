import { setTimeout as wait } from 'node:timers/promises';
import { TrainyardError } from '../../errors';
import {
  corruptDownload,
  hubRefused,
  hubUnavailable,
  tooLarge,
  type FileAtHub,
} from './hubFailures';
import { fileUrl } from './hubNames';
import { PartialFile } from './partialFile';
import { request, type Answer, type FileFacts } from './request';

export interface DownloadOptions {
  /** Base URL of the hub, without a slash at its end. */
  hub: string;
  /** Larger files are refused. */
  mostBytes: number;
  /** How long an answer or its next bytes may take. @default 60000 */
  patienceMs?: number;
  /** The first pause before asking again; each next one is twice as long. @default 1000 */
  pauseMs?: number;
  onProgress?: (path: string, bytes: number, total: number | undefined) => void;
}

/** Tries in a row that bring not one byte. */
const mostVainTries = 5;

/**
 * Downloads a file of an encoder, goes on where an earlier try stopped, and holds size and hash
 * against what the hub announced.
 * @param part where the file grows; survives failures, for the next call
 * @returns what the hub said of it; undefined when it has no such file
 * @throws TrainyardError
 */
export async function downloadFile(
  file: FileAtHub,
  part: string,
  to: string,
  options: DownloadOptions,
): Promise<FileFacts | undefined> {
  const partial = new PartialFile(part);
  for (let vain = 0; ; vain++) {
    const before = partial.bytes;
    try {
      const facts = await attempt(file, partial, options);
      if (facts) {
        await verify(file, partial, facts);
        await partial.moveTo(to);
      }
      return facts;
    } catch (error) {
      if (error instanceof TrainyardError) throw error;
      if (partial.bytes > before) vain = 0;
      if (vain + 1 >= mostVainTries) throw hubUnavailable(file, error);
      await wait((options.pauseMs ?? 1000) * 2 ** vain);
    }
  }
}

/** One request. Throws a plain error where asking again may help. */
async function attempt(
  file: FileAtHub,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<FileFacts | undefined> {
  const patience = new Patience(options.patienceMs ?? 60_000);
  try {
    const url = fileUrl(options.hub, file, file.path);
    const answer = await request(url, await partial.rangeHeaders(), patience.signal);
    const { response, facts } = answer;
    if (response.status === 404) return undefined;
    if (response.status === 416) {
      await partial.remove();
      throw new Error('the file became shorter');
    }
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      throw new Error(`the hub answered ${response.status}`);
    }
    if (response.status !== 200 && response.status !== 206) {
      throw hubRefused(file, response.status);
    }
    if (response.status === 200) {
      await partial.restart(isEncoded(response) ? undefined : facts.etag);
    }
    const bytes = announcedBytes(file, answer, partial.bytes);
    if (bytes !== undefined && bytes > options.mostBytes) {
      throw tooLarge(file, bytes, options.mostBytes);
    }
    await receive(file, partial, response, bytes, options, patience);
    return { ...facts, ...(bytes === undefined ? {} : { bytes }) };
  } finally {
    patience.end();
  }
}

async function receive(
  file: FileAtHub,
  partial: PartialFile,
  response: Response,
  bytes: number | undefined,
  options: DownloadOptions,
  patience: Patience,
): Promise<void> {
  const most = bytes ?? options.mostBytes;
  await partial.append(response.body ?? empty(), (total) => {
    patience.renew();
    if (total > most) {
      throw bytes === undefined
        ? tooLarge(file, total, most)
        : corruptDownload(file, `more than ${total} bytes`, `${bytes}`);
    }
    options.onProgress?.(file.path, total, bytes);
  });
  if (bytes !== undefined && partial.bytes < bytes) throw new Error('the connection ended early');
}

async function* empty(): AsyncGenerator<Uint8Array> {}

/** The size of the whole file by every header that tells it; they must agree. */
function announcedBytes(
  file: FileAtHub,
  { response, facts }: Answer,
  have: number,
): number | undefined {
  const length = response.headers.get('content-length');
  const [, start, total] =
    /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (response.status === 206 && Number(start) !== have) {
    throw new Error(`the hub sent bytes from ${start ?? 'somewhere'} on, not from ${have}`);
  }
  const said = [
    facts.bytes,
    response.status === 206 ? Number(total) : undefined,
    response.status === 200 && length !== null && !isEncoded(response) ? Number(length) : undefined,
  ].filter((bytes) => bytes !== undefined);
  if (new Set(said).size > 1) {
    throw corruptDownload(file, `${said.at(-1)!} bytes`, `${said[0]!}`);
  }
  return said[0];
}

/** Compressed on the way, though we asked for plain bytes: lengths and ranges count something else. */
function isEncoded({ headers }: Response): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

async function verify(file: FileAtHub, partial: PartialFile, facts: FileFacts): Promise<void> {
  const expected = facts.sha256 ?? facts.gitHash;
  if (expected === undefined) return;
  const found = facts.sha256 === undefined ? await partial.gitHash() : await partial.sha256();
  if (found === expected) return;
  await partial.remove();
  throw corruptDownload(file, `hash ${found}`, expected);
}

/** Aborts when nothing has come for a while. */
class Patience {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly ms: number) {
    this.timer = setTimeout(() => {
      this.controller.abort(new Error(`nothing came for ${this.ms / 1000} s`));
    }, ms);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  renew(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
