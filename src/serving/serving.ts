import type { Registry } from 'prom-client';
import type { ArtifactStore } from '../artifacts/artifactStore';
import type { TokenService } from '../auth/tokens';
import type { Database } from '../database/database';
import { activeDeployments, type DeploymentRow } from '../database/models/deployments';
import { Readiness, type Logger } from '../observability';
import { cachedAccess } from './access';
import { BundleCache } from './bundleCache';
import { DeploymentFeed } from './deploymentFeed';
import { DeploymentLookup } from './deploymentLookup';
import { isDeploymentName } from './deploymentName';
import { DeploymentTable } from './deploymentTable';
import type { ServingContext } from './http/context';
import { startServingServer, type ServingServer } from './http/server';
import { LoadedModels } from './loadedModels';
import { ServingMetrics } from './metrics';
import { Reconciler } from './reconciler';
import { PredictorPool, type PoolOptions } from './threads/predictorPool';
import { ServingPresence } from './servingPresence';
import { Usage } from './usage';

export interface ServingOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  databaseUrl: string;
  database: Database;
  store: ArtifactStore;
  tokens: TokenService;
  logger: Logger;
  registry: Registry;
  /** See `installationId`. */
  installation: string;
  /** Folder for the bundles of deployed models. */
  bundleFolder: string;
  /** Threads that compute predictions. */
  threads: number;
  /** Memory for models in bytes, as the size of their files; over it the least recently used go. */
  modelBytes: number;
  /** See `DeploymentFeed`. */
  pollMs?: number;
  /** See `ReconcilerOptions`. */
  retryMs?: readonly number[];
  /** See `PoolOptions`. */
  startThread?: PoolOptions['startThread'];
}

/** How long a stop waits for requests under way. */
const drainMs = 15_000;

/**
 * Serves deployed models: follows the deployment table, keeps models loaded, answers HTTP. Any
 * number of them may run on one database; each serves every deployment.
 */
export class Serving {
  private readonly table = new DeploymentTable();
  private readonly pool: PredictorPool;
  private readonly models: LoadedModels;
  private readonly cache: BundleCache;
  private readonly reconciler: Reconciler;
  private readonly metrics: ServingMetrics;
  private readonly feed: DeploymentFeed;
  private readonly lookup: DeploymentLookup;
  private readonly presence: ServingPresence;
  private readonly usages = new Map<string, Usage>();
  private server: ServingServer | undefined;
  private ready = false;

  private constructor(private readonly options: ServingOptions) {
    const { database, logger, registry, threads, modelBytes, startThread } = options;
    this.pool = new PredictorPool({ threads, maxBytes: modelBytes, startThread });
    this.cache = new BundleCache(options.store, options.bundleFolder);
    this.models = new LoadedModels(this.pool, this.cache, modelBytes);
    const isWanted = (modelId: string): boolean => this.table.has(modelId);
    this.presence = new ServingPresence(database, logger);
    this.lookup = new DeploymentLookup(database);
    this.reconciler = new Reconciler({
      database,
      processId: this.presence.id,
      models: this.models,
      logger,
      isWanted,
      retryMs: options.retryMs,
    });
    this.metrics = new ServingMetrics(registry, {
      loaded: () => this.models.size,
      failing: () => this.models.failing,
      waiting: () => this.pool.waiting,
    });
    this.feed = new DeploymentFeed({
      databaseUrl: options.databaseUrl,
      logger,
      onChange: () => this.refresh(),
      onHeard: () => this.lookup.changed(),
      ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    });
  }

  /** Resolves once it listens and knows the deployments; models load behind it, or on first use. */
  static async start(options: ServingOptions): Promise<Serving> {
    const serving = new Serving(options);
    try {
      await serving.presence.start();
      await serving.feed.start();
      serving.server = await startServingServer(serving.context(), options);
    } catch (error) {
      await serving.stop();
      throw error;
    }
    serving.ready = true;
    return serving;
  }

  get port(): number {
    return this.server!.port;
  }

  /** Takes no new request, finishes those under way, lets go of everything. */
  async stop(): Promise<void> {
    this.ready = false;
    this.reconciler.stop();
    await this.server?.drain(drainMs);
    await this.feed.stop();
    await this.presence.stop();
    await this.pool.end();
  }

  private context(): ServingContext {
    const { database, tokens, registry, logger, installation } = this.options;
    const checks = { deployments: () => this.ready, database: () => database.query('SELECT 1') };
    return {
      find: (segment) => this.find(segment),
      models: this.models,
      authorize: cachedAccess(database, tokens),
      usageOf: (modelId) => this.usageOf(modelId),
      metrics: this.metrics,
      registry,
      logger,
      isReady: () => this.ready,
      readiness: new Readiness(checks, logger),
      installation,
    };
  }

  /** What the table does not show yet may have been deployed a moment ago through another process. */
  private async find(segment: string): Promise<DeploymentRow | undefined> {
    const known = this.table.find(segment);
    if (known) return known;
    if (!isDeploymentName(segment)) return undefined;
    if (!this.feed.isListening) this.lookup.changed();
    const row = await this.lookup.find(segment);
    if (row) this.table.add(row);
    return row && this.table.find(segment);
  }

  private usageOf(modelId: string): Usage {
    let usage = this.usages.get(modelId);
    if (!usage) this.usages.set(modelId, (usage = new Usage()));
    return usage;
  }

  private async sweep(wanted: DeploymentRow[]): Promise<void> {
    await this.cache
      .sweep(wanted)
      .catch((error: unknown) =>
        this.options.logger.warn({ error }, 'bundles that nobody needs could not be removed'),
      );
  }

  /** Reads the deployments, lets go of what is gone and brings up what is new. */
  private async refresh(): Promise<void> {
    const before = [...this.table.all];
    const rows = await activeDeployments(this.options.database);
    this.table.replace(rows);
    const gone = before.filter((row) => !this.table.has(row.model_id));
    for (const { model_id } of gone) {
      this.models.drop(model_id);
      this.usages.delete(model_id);
      await this.metrics.forget(model_id);
      this.options.logger.info({ model_id }, 'model is no longer deployed');
    }
    // The first time, for what went while this process was away.
    if (gone.length > 0 || !this.ready) await this.sweep(rows);
    this.reconciler.reconcile(rows);
  }
}
