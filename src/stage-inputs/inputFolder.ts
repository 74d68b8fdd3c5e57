import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadableStore } from '../artifacts/artifactStore';
import { fetchTree } from '../artifacts/trees/tree';
import type { Config } from '../config';
import type { SourceFile } from '../data/files/sourceFile';
import type { Database } from '../database/database';
import { materializeEncoder } from '../encoders/materializeEncoder';
import type { InputPlaces } from '../model-types/contract/stageInput';
import { baseBundleOf, itemsOf, outputOf, type RunContext } from '../training/runContext';
import { once } from './once';
import { stageRunOf } from './stageRun';
import { openSource, type OpenSource } from './sources';

/** Where inputs come from; of the store it only reads. */
export interface InputDependencies {
  config: Config;
  database: Database;
  store: ReadableStore;
}

/** The input folder of a stage, and all that can be laid into it. */
export class InputFolder implements InputPlaces<unknown> {
  readonly folder: string;
  readonly options: unknown;
  readonly item: unknown;
  readonly sourceFiles: () => Promise<readonly SourceFile[]>;
  private readonly sources: OpenSource[];
  private readonly fetched = new Map<string, Promise<void>>();

  constructor(
    private readonly deps: InputDependencies,
    private readonly context: RunContext,
    { folder, item, signal }: { folder: string; item?: unknown; signal: AbortSignal },
  ) {
    const { run, model } = context;
    this.folder = folder;
    this.options = run.options;
    this.item = item;
    const target = { inputs: folder, ownerId: model.owner_id, signal };
    this.sources = run.data.sources.map((source, index) =>
      openSource(deps, source, { ...target, folder: `source-${index}` }),
    );
    this.sourceFiles = once(async () => {
      const listed: SourceFile[] = [];
      for (const source of this.sources) listed.push(...(await source.files()));
      return listed;
    });
  }

  async fetchSourceFiles(): Promise<void> {
    for (const source of this.sources) await source.fetch();
  }

  readOutput(stage: string, path: string): Promise<Buffer | undefined> {
    return stageRunOf(this.deps.store, this.context).readOutput(stage, path);
  }

  outputHash(stage: string): string {
    return outputOf(this.context, stage).manifest.sha256;
  }

  fetchOutput(stage: string, to: string, item?: number): Promise<void> {
    const output = outputOf(this.context, stage, item);
    return this.onceInto(to, (folder) => fetchTree(this.deps.store, output, folder));
  }

  itemCount(stage: string): number {
    return itemsOf(this.context, stage).length;
  }

  get baseHash(): string | null {
    return baseBundleOf(this.context)?.tree.manifest.sha256 ?? null;
  }

  async fetchBase(to: string): Promise<void> {
    const base = baseBundleOf(this.context);
    if (!base) return;
    await this.onceInto(to, async (folder) => {
      const whole = `${folder}-tree`;
      await mkdir(whole, { recursive: true });
      await fetchTree(this.deps.store, base.tree, whole, {
        only: (path) => path.startsWith(`${base.path}/`),
      });
      await rename(join(whole, base.path), folder);
    });
  }

  linkEncoder(hash: string, to: string): Promise<void> {
    const { database, store, config } = this.deps;
    const options = { database: database.manager, store, home: config.home };
    return this.onceInto(to, async (folder) =>
      symlink(await materializeEncoder(options, hash), folder),
    );
  }

  private onceInto(to: string, fetch: (folder: string) => Promise<unknown>): Promise<void> {
    const known = this.fetched.get(to);
    if (known) return known;
    const fetching = fetch(join(this.folder, to)).then(() => undefined);
    this.fetched.set(to, fetching);
    return fetching;
  }
}
