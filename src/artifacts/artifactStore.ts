import type { Readable } from 'node:stream';

/** A reference to stored bytes: what histories, rows and manifests carry instead of data. */
export interface ArtifactRef {
  /** Slash-separated, made by us, never from caller input: `runs/<run id>/train/model.zip`. */
  key: string;
  /** Lower-case hex of the content. */
  sha256: string;
  bytes: number;
  mediaType: string;
}

/** An object as a listing shows it. */
export interface StoredObject {
  key: string;
  /** When it was written or, on a disk, a hard link to it was made: whichever was last. */
  modifiedAt: Date;
}

/**
 * Immutable objects under server-made keys. One contract for disk and S3.
 * An object is either wholly there or not there at all. Prefixes own objects
 * (`uploads/<id>/`, `runs/<id>/`, `models/<id>/`, `cache/<owner>/<key>/`), so deleting an owner is
 * deleting a prefix.
 */
export interface ArtifactStore {
  /**
   * Stores a stream or buffer, hashing as it goes. When the source fails, nothing is left behind.
   * Writing a key again replaces the object atomically.
   */
  put(key: string, source: Readable | Buffer, mediaType: string): Promise<ArtifactRef>;
  /** Stores a local file. The file may be moved or hard-linked: do not write to it afterwards. */
  putFile(key: string, path: string, mediaType: string): Promise<ArtifactRef>;
  /** Streams an object or a byte range of it (`end` inclusive). Throws `artifact_missing`. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** A whole object in memory; for small ones such as manifests and reports. */
  readBuffer(key: string): Promise<Buffer>;
  /** Lays the object at a local path (hard link where possible) and checks its size and sha256. */
  fetchTo(ref: ArtifactRef, path: string): Promise<void>;
  /** Size in bytes, or undefined when absent. */
  size(key: string): Promise<number | undefined>;
  /** Every key under a prefix that ends in `/`, in unspecified order. */
  list(prefix: string): AsyncIterable<string>;
  /** The same with times, for who decides by age. */
  listDated(prefix: string): AsyncIterable<StoredObject>;
  /** Deletes one object; none is there already: nothing happens. */
  delete(key: string): Promise<void>;
  /** Deletes every object under a prefix that ends in `/`; returns how many there were. Idempotent. */
  deletePrefix(prefix: string): Promise<number>;
  /**
   * Removes what interrupted writes left behind (temporary files, unfinished multipart uploads): what
   * is older than `olderThanMs`, and at once what a process of this machine left that runs no more.
   * Returns how many there were.
   */
  sweep(olderThanMs: number): Promise<number>;
  /** Lets go of connections. The store is not used afterwards. */
  close(): void;
}

/** As much of a store as reading what was published takes. */
export type ReadableStore = Pick<ArtifactStore, 'read' | 'readBuffer' | 'fetchTo' | 'size'>;
