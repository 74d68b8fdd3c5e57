import type { Registry } from 'prom-client';
import type { DeploymentRow } from '../../database/models/deployments';
import type { Logger, Readiness } from '../../observability';
import type { Authorize } from '../access';
import type { LoadedModels } from '../loadedModels';
import type { ServingMetrics } from '../metrics';
import type { Usage } from '../usage';

/** All that answering a request may reach. */
export interface ServingContext {
  /** Who answers under the first segment of a path: a model's id or a deployment's name. */
  find(segment: string): Promise<DeploymentRow | undefined>;
  models: LoadedModels;
  authorize: Authorize;
  usageOf(modelId: string): Usage;
  metrics: ServingMetrics;
  registry: Registry;
  logger: Logger;
  /** False until the deployments are known, and once the process is asked to stop. */
  isReady(): boolean;
  /** All that it needs, for `/ready`. */
  readiness: Pick<Readiness, 'report'>;
  /** See `installationId`. */
  installation: string;
}
