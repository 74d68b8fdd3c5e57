/** A file that `extract` reads: a whole local file, or a part of a pack. */
export interface SourceFile {
  /** The name people know it by, `/`-separated when it has folders; shown in messages. */
  name: string;
  part: 'train' | 'test';
  sha256: string;
  /** Relative to the folder of the stage's inputs. */
  path: string;
  /** Where the file starts in `path`, and its length, in bytes. */
  offset: number;
  bytes: number;
}
