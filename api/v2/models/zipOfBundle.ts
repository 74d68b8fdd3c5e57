import { Readable, type PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArtifactStore } from '../../../src/artifacts/artifactStore';
import { artifactCorrupt } from '../../../src/artifacts/failures';
import { Meter } from '../../../src/artifacts/digest';
import { objectRef, readManifest, type TreeFile } from '../../../src/artifacts/trees/treeManifest';
import type { BundleRef } from '../../../src/database/models/deployments';

/** Files carry no date of their own, so that one model makes one zip. */
const entry = { mtime: new Date(Date.UTC(1980, 0, 1)), mode: 0o100644, forceDosTimestamp: true };

/**
 * A zip of a bundle's files and `metadata.json`, made while it is read: one file is under way at a
 * time and none is held in memory. Every file is checked against its sha256 on its way.
 */
export async function zipOfBundle(
  store: ArtifactStore,
  { tree, path }: BundleRef,
  metadata: object,
  signal: AbortSignal,
): Promise<Readable> {
  const { objects, files } = await readManifest(store, tree);
  const zip = new ZipFile();
  // A PassThrough, which its types call by less.
  const output = zip.outputStream as unknown as PassThrough;
  const fail = (error: unknown): void =>
    void output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on('error', fail);
  signal.addEventListener('abort', () => output.destroy());
  for (const file of files.filter((found) => found.path.startsWith(`${path}/`))) {
    const { key } = objectRef(tree, objects[file.object]!);
    const name = file.path.slice(path.length + 1);
    zip.addReadStreamLazy(name, { ...entry, size: file.bytes }, (deliver) => {
      // The zip would wait for ever for the rest of a stream that broke: it is told at once.
      const content = Readable.from(checked(store, key, file)).once('error', fail);
      deliver(null, content);
    });
  }
  zip.addBuffer(Buffer.from(`${JSON.stringify(metadata)}\n`), 'metadata.json', entry);
  zip.end();
  return output;
}

async function* checked(
  store: ArtifactStore,
  key: string,
  { path, offset, bytes, sha256 }: TreeFile,
): AsyncGenerator<Buffer> {
  if (bytes === 0) return;
  const meter = new Meter();
  for await (const chunk of await store.read(key, { start: offset, end: offset + bytes - 1 })) {
    meter.update(chunk as Buffer);
    yield chunk as Buffer;
  }
  const found = meter.digest();
  if (found.sha256 !== sha256) throw artifactCorrupt(path, `sha256 ${found.sha256}`, sha256);
}
