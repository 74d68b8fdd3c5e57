import type { Client } from '@temporalio/client';
import type { Registry } from 'prom-client';
import type { ArtifactStore } from '../src/artifacts/artifactStore';
import type { AttemptLimits } from '../src/auth/attemptLimits';
import type { TokenService } from '../src/auth/tokens';
import type { Config } from '../src/config';
import type { Database } from '../src/database/database';
import type { Logger } from '../src/observability';
import type { OpenStreams } from './core/openStreams';
import type { ModelEvents } from './eventStreams/modelEvents';
import type { ReaderAccess } from './eventStreams/readerAccess';

/** Everything that a handler may reach. Made once a process, by `runApi` or by a test. */
export interface ApiDependencies {
  config: Config;
  database: Database;
  store: ArtifactStore;
  temporal: Client;
  tokens: TokenService;
  /** Counts sign-ups and sign-ins. */
  attempts: AttemptLimits;
  streams: OpenStreams;
  modelEvents: ModelEvents;
  readerAccess: ReaderAccess;
  logger: Logger;
  metrics: Registry;
  /** Aborts when the process is asked to stop: streams that could last end on it. */
  stopping: AbortSignal;
  /**
   * Holds each JSON reply against the schema it was declared with and fails the request when it
   * differs. For tests: it costs as much as the reply is large.
   * @default false
   */
  checkReplies?: boolean;
}
