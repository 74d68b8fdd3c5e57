import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { ResourceSemaphore } from '../src/allocation/semaphore';
import type { ArtifactStore } from '../src/artifacts/artifactStore';
import type { Config } from '../src/config';
import type { Database } from '../src/database/database';
import type { TrainingMetrics } from './trainingMetrics';

/** What activities work with; made once per worker process. */
export interface ActivityDependencies {
  config: Config;
  database: Database;
  store: ArtifactStore;
  temporal: Client;
  logger: Logger;
  metrics: TrainingMetrics;
  resources: ResourceSemaphore;
  /** Scratch folder of this process; swept when the process is gone. */
  workFolder: string;
}
