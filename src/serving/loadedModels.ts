import type { DeploymentRow } from '../database/models/deployments';
import { TrainyardError } from '../errors';
import type { BundleCache } from './bundleCache';
import { explainLoadError } from './loadFailure';
import type { Asking, PredictorPool } from './threads/predictorPool';

/** What loading needs to know of a deployment. */
export type Loadable = Pick<DeploymentRow, 'model_id' | 'type' | 'bundle'>;

interface Entry {
  modelId: string;
  /** Content of the bundle: a model that was trained anew is another entry. */
  content: string;
  handle: Promise<number>;
  /** The handle once it is open. */
  opened: number | undefined;
  /** Requests that hold it. */
  users: number;
  lastUse: number;
  /** Nobody finds it any more; it is closed when the last user is done. */
  dropped: boolean;
  /** It could not be opened. */
  failed: boolean;
}

/** After a failure, requests get the same answer for so long before loading is tried again; */
const failurePauseMs = 2000;
/** twice as long after each further one, up to this. */
const longestPauseMs = 60_000;

/**
 * Models in memory. A request for one that is not there loads it; the least recently used go when
 * there are too many. Whatever is let go is let go after the requests that hold it, so an answer
 * that was begun is finished.
 */
export class LoadedModels {
  private readonly entries = new Map<string, Entry>();
  /** How often each model that cannot be loaded was tried in a row. */
  private readonly failures = new Map<string, number>();
  private clock = 0;

  constructor(
    private readonly pool: PredictorPool,
    private readonly cache: BundleCache,
    /** Memory for models in bytes, as the size of their files. */
    private readonly maxBytes: number,
  ) {}

  /** How many models are in memory or on their way there. */
  get size(): number {
    return this.entries.size;
  }

  /** How many models could not be loaded when that was tried last. */
  get failing(): number {
    return this.failures.size;
  }

  /** Whether the last attempt to load a model failed. */
  isFailing(modelId: string): boolean {
    return this.failures.has(modelId);
  }

  /** Whether one more model would fit without another being let go. */
  hasRoomFor(bytes: number): boolean {
    return this.pool.bytes + bytes <= this.maxBytes;
  }

  /** Makes sure that a model can answer. Throws what keeps it from it, after trying again. */
  async load(model: Loadable): Promise<void> {
    const known = this.entries.get(model.model_id);
    if (known?.failed) this.entries.delete(known.modelId);
    await this.hold(model, () => Promise.resolve());
  }

  /** @throws TrainyardError `model_not_loaded` when it cannot be loaded now */
  async run(model: Loadable, asking: Asking): Promise<unknown[]> {
    return this.hold(model, (handle) => this.pool.run(handle, asking), notLoaded);
  }

  /** Lets go of a model, after the requests that hold it. */
  drop(modelId: string): void {
    this.failures.delete(modelId);
    const entry = this.entries.get(modelId);
    if (!entry) return;
    this.entries.delete(modelId);
    entry.dropped = true;
    this.closeIfFree(entry);
  }

  private async hold<T>(
    model: Loadable,
    work: (handle: number) => Promise<T>,
    explain: (loadError: unknown) => unknown = (error) => error,
  ): Promise<T> {
    const entry = this.entryOf(model);
    entry.users++;
    entry.lastUse = ++this.clock;
    try {
      const handle = await entry.handle.catch((error: unknown) => {
        throw explain(error);
      });
      return await work(handle);
    } finally {
      entry.users--;
      this.closeIfFree(entry);
      this.trim();
    }
  }

  private entryOf(model: Loadable): Entry {
    const content = model.bundle.tree.manifest.sha256;
    const found = this.entries.get(model.model_id);
    if (found?.content === content) return found;
    if (found) this.drop(model.model_id);
    const handle = this.open(model);
    const entry: Entry = {
      modelId: model.model_id,
      content,
      handle,
      opened: undefined,
      users: 0,
      lastUse: 0,
      dropped: false,
      failed: false,
    };
    this.entries.set(model.model_id, entry);
    handle.then(
      (opened) => {
        entry.opened = opened;
        this.failures.delete(entry.modelId);
        this.closeIfFree(entry);
      },
      () => this.failed(entry),
    );
    return entry;
  }

  private async open({ model_id, type, bundle }: Loadable): Promise<number> {
    const readAndOpen = (): Promise<number> =>
      this.cache.read(model_id, bundle, ({ folder, bytes }) => this.pool.open(type, folder, bytes));
    try {
      return await readAndOpen();
    } catch (error) {
      if (!isDamage(error)) throw error;
      // The copy on this machine may be what is damaged, or another process swept it: bring it again, once.
      await this.cache.forget(model_id, bundle);
      return readAndOpen();
    }
  }

  private failed(entry: Entry): void {
    entry.failed = true;
    if (this.entries.get(entry.modelId) !== entry) return;
    const failures = (this.failures.get(entry.modelId) ?? 0) + 1;
    this.failures.set(entry.modelId, failures);
    const forget = (): void => {
      if (this.entries.get(entry.modelId) === entry) this.entries.delete(entry.modelId);
    };
    setTimeout(forget, Math.min(failurePauseMs * 2 ** (failures - 1), longestPauseMs)).unref();
  }

  private closeIfFree(entry: Entry): void {
    if (!entry.dropped || entry.users > 0 || entry.opened === undefined) return;
    void this.pool.close(entry.opened);
  }

  /** Lets the least recently used go until the rest fits; those in use stay. */
  private trim(): void {
    if (this.pool.bytes <= this.maxBytes) return;
    const idle = [...this.entries.values()].filter(
      (entry) => entry.users === 0 && entry.opened !== undefined,
    );
    idle.sort((a, b) => a.lastUse - b.lastUse);
    const newest = this.clock;
    for (const entry of idle) {
      if (this.pool.bytes <= this.maxBytes || entry.lastUse === newest) return;
      this.drop(entry.modelId);
    }
  }
}

function notLoaded(error: unknown): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'model_not_loaded',
    `this serving process cannot load the model and tries again by itself: ${explainLoadError(error)}`,
    503,
  );
}

function isDamage(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
  return error instanceof TrainyardError && error.code === 'bundle_damaged';
}
