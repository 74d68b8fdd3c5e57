import type { ArtifactStore } from '../../artifacts/artifactStore';
import { Meter } from '../../artifacts/digest';
import type { TreeFile, TreeObject } from '../../artifacts/trees/tree';
import { ObjectSink } from './objectSink';

/** Up to here a file is held in memory and packed with others; over it, it is streamed by itself. */
const smallFile = 1024 * 1024;
const largestPack = 32 * 1024 * 1024;
/** Objects whose last bytes are on their way to the store while others are begun. */
const mostFinishing = 4;

/** A file that arrives. */
export interface IncomingFile {
  write(chunk: Buffer): void;
  end(): void;
}

/**
 * Writes the files of an upload into objects: small ones one behind the other into packs, each large
 * one into an object of its own. Calls never wait; `ready` does, and bounds what is in memory.
 */
export class PackWriter {
  private readonly sinks: ObjectSink[] = [];
  private readonly open = new Set<ObjectSink>();
  private readonly finishing = new Set<Promise<unknown>>();
  private readonly files: TreeFile[] = [];
  private pack: ObjectSink | undefined;

  constructor(
    private readonly store: ArtifactStore,
    private readonly prefix: string,
  ) {}

  /** Begins a file, under a name that no other has. */
  begin(name: string): IncomingFile {
    const meter = new Meter();
    let held: Buffer[] = [];
    let heldBytes = 0;
    let own: ObjectSink | undefined;
    return {
      write: (chunk) => {
        meter.update(chunk);
        if (own) return own.write(chunk);
        held.push(chunk);
        heldBytes += chunk.length;
        if (heldBytes <= smallFile) return;
        own = this.openSink('file');
        for (const earlier of held) own.write(earlier);
        held = [];
      },
      end: () => {
        if (own) this.endSink(own);
        const place = own ? { object: own.index, offset: 0 } : this.append(held, heldBytes);
        this.files.push({ path: name, ...place, ...meter.digest() });
      },
    };
  }

  /** Resolves once more may be written; rejects when the store has failed. */
  async ready(): Promise<void> {
    for (const sink of this.open) await sink.ready();
    while (this.finishing.size > mostFinishing) await Promise.race(this.finishing);
  }

  /** Ends the last pack; resolves with all that was written once the store has it. */
  async finish(): Promise<{ objects: TreeObject[]; files: TreeFile[] }> {
    if (this.pack) this.endSink(this.pack);
    const objects = await Promise.all(this.sinks.map(({ stored }) => stored));
    return { objects, files: this.files };
  }

  /** Gives up everything that is under way; resolves when nothing writes any more. */
  async abort(reason: Error): Promise<void> {
    await Promise.all(this.sinks.map((sink) => sink.abort(reason)));
  }

  private append(chunks: Buffer[], bytes: number): { object: number; offset: number } {
    if (this.pack && this.pack.bytes + bytes > largestPack) {
      this.endSink(this.pack);
      this.pack = undefined;
    }
    this.pack ??= this.openSink('pack');
    const offset = this.pack.bytes;
    for (const chunk of chunks) this.pack.write(chunk);
    return { object: this.pack.index, offset };
  }

  private openSink(kind: string): ObjectSink {
    const sink = new ObjectSink(this.store, this.prefix, kind, this.sinks.length);
    this.sinks.push(sink);
    this.open.add(sink);
    return sink;
  }

  private endSink(sink: ObjectSink): void {
    sink.end();
    this.open.delete(sink);
    const stored: Promise<unknown> = sink.stored.then(() => this.finishing.delete(stored));
    stored.catch(() => undefined);
    this.finishing.add(stored);
  }
}
