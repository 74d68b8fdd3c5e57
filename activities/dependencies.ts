import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { AllocationOptions } from '../src/allocation/allocation';
import type { ResourceSemaphore } from '../src/allocation/semaphore';
import type { ArtifactStore } from '../src/artifacts/artifactStore';
import type { Config } from '../src/config';
import type { Database } from '../src/database/database';
import type { TrainingMetrics } from './attempt/trainingMetrics';

/** What activities work with; made once per worker process. */
export interface ActivityDependencies {
  config: Config;
  database: Database;
  store: ArtifactStore;
  temporal: Client;
  logger: Logger;
  metrics: TrainingMetrics;
  resources: ResourceSemaphore;
  /** Runs a stage in a child process of its own. */
  runAllocation(options: AllocationOptions): Promise<void>;
  /** Aborts when the worker begins to stop, before its activities are cancelled. */
  stopping: AbortSignal;
  /** Scratch folder of this process; swept when the process is gone. */
  workFolder: string;
}
