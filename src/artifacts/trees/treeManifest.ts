import type { ArtifactRef, ArtifactStore, ReadableStore } from '../artifactStore';
import { digestOf, describeDigest, sameDigest, type Digest } from '../digest';
import { artifactCorrupt } from '../failures';

/** Where a published folder lies: its manifest, and what laying all of it out would take. */
export interface TreeRef {
  /**
   * `<prefix>tree.json`. The manifest names objects relative to itself, so equal folders have equal
   * manifests: its sha256 identifies the content, wherever it was published.
   */
  manifest: ArtifactRef;
  files: number;
  bytes: number;
}

export interface TreeObject extends Digest {
  /** Key relative to the manifest's folder. */
  name: string;
}

export interface TreeFile extends Digest {
  path: string;
  /** Index into `objects`: a pack, or the object that is this file alone. */
  object: number;
  /** First byte inside the object. */
  offset: number;
}

export interface TreeManifest {
  format: 1;
  objects: TreeObject[];
  files: TreeFile[];
}

const manifestName = 'tree.json';
export const objectMediaType = 'application/octet-stream';

/** Stores the manifest of objects that lie under a prefix already. Files are sorted by path. */
export async function publishManifest(
  store: ArtifactStore,
  prefix: string,
  { objects, files }: Omit<TreeManifest, 'format'>,
): Promise<TreeRef> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const content = Buffer.from(JSON.stringify({ format: 1, objects, files: sorted }));
  return {
    manifest: await store.put(prefix + manifestName, content, 'application/json'),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  };
}

/** Reads and verifies a manifest. */
export async function readManifest(store: ReadableStore, ref: TreeRef): Promise<TreeManifest> {
  const content = await store.readBuffer(ref.manifest.key);
  const found = digestOf(content);
  if (!sameDigest(found, ref.manifest)) {
    throw artifactCorrupt(ref.manifest.key, describeDigest(found), describeDigest(ref.manifest));
  }
  const manifest = JSON.parse(content.toString('utf8')) as TreeManifest;
  // Read as a number: a later version may have written it.
  const format: number = manifest.format;
  if (format !== 1) {
    throw artifactCorrupt(ref.manifest.key, `format ${String(format)}`, 'format 1');
  }
  return manifest;
}

/** The stored object behind an entry of a manifest. */
export function objectRef(ref: TreeRef, { name, sha256, bytes }: TreeObject): ArtifactRef {
  const prefix = ref.manifest.key.slice(0, -manifestName.length);
  return { key: prefix + name, sha256, bytes, mediaType: objectMediaType };
}
