import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that is still being downloaded, with the validator under which the rest may be asked for. */
export class PartialFile {
  private readonly tagPath: string;

  constructor(private readonly path: string) {
    this.tagPath = `${path}.etag`;
  }

  get bytes(): number {
    return existsSync(this.path) ? statSync(this.path).size : 0;
  }

  /** What to ask for: the whole, or what is missing if the file is still the same. */
  async rangeHeaders(): Promise<Record<string, string>> {
    const { bytes } = this;
    if (bytes === 0 || !existsSync(this.tagPath)) return {};
    return { range: `bytes=${bytes}-`, 'if-range': await readFile(this.tagPath, 'utf8') };
  }

  /** Throws away what is there; the next bytes belong to the file of this validator. */
  async restart(etag?: string): Promise<void> {
    await this.remove();
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.path, '');
    if (etag !== undefined) await writeFile(this.tagPath, etag);
  }

  /** Appends what comes; what came before a failure stays. */
  async append(chunks: AsyncIterable<Uint8Array>, onBytes: (total: number) => void): Promise<void> {
    const file = await open(this.path, 'a');
    let total = this.bytes;
    try {
      for await (const chunk of chunks) {
        await file.appendFile(chunk);
        onBytes((total += chunk.length));
      }
    } finally {
      await file.close();
    }
  }

  sha256(): Promise<string> {
    return this.digest(createHash('sha256'));
  }

  /** git's name for a file of this content. */
  gitHash(): Promise<string> {
    return this.digest(createHash('sha1').update(`blob ${this.bytes}\0`));
  }

  async moveTo(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await rename(this.path, path);
    await rm(this.tagPath, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.tagPath, { force: true });
  }

  private async digest(hash: ReturnType<typeof createHash>): Promise<string> {
    for await (const chunk of createReadStream(this.path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
}
