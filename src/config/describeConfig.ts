import type { ArtifactLocation } from './artifactLocation';
import type { Config } from './config';
import { describeS3Root } from './s3Roots';

/** The effective values for people and for `trainyard config`, without secrets. */
export function describeConfig(config: Config): Record<string, string | number> {
  return {
    home: config.home,
    'log level': config.logLevel,
    api: `http://${config.api.host}:${config.api.port}`,
    'trusted proxies': config.api.trustedProxies.join(', ') || 'none',
    serving: `http://${config.serving.host}:${config.serving.port}`,
    'serving as seen by the API': withoutPassword(config.serving.url),
    'longest wait for a prediction (s)': config.serving.answerMs / 1000,
    'worker health':
      config.worker.port === undefined
        ? `no port (on ${config.worker.host})`
        : `http://${config.worker.host}:${config.worker.port}`,
    'cores for trainings': config.worker.cores,
    'memory for trainings (MiB)': config.worker.memoryMb,
    'heartbeat timeout (s)': config.worker.heartbeatMs / 1000,
    'sticky timeout (s)': config.worker.stickyMs / 1000,
    'hang timeout (min)': config.worker.hangMs / 60_000,
    'outages waited for (h)': config.worker.outageMs / 3_600_000,
    database:
      config.database.url === undefined
        ? 'embedded PostgreSQL'
        : withoutPassword(config.database.url),
    'database connections a process': config.database.poolSize,
    temporal: config.temporal.connection === undefined ? 'local Temporal' : temporalOf(config),
    'temporal namespace': config.temporal.namespace,
    'local temporal web page': config.localTemporal.ui ? 'yes' : 'no',
    'silence before a restart (s)': config.supervisor.silenceMs / 1000,
    'temporal history retention (days)': config.temporal.retentionDays,
    artifacts: artifactsOf(config.artifacts),
    secret: config.secret === undefined ? 'generated file in the home' : 'set (not shown)',
    'first administrator': config.admin
      ? `${config.admin.username} <${config.admin.email}>`
      : 'a sign-up link',
    'shortest password': config.accounts.shortestPassword,
    'sign-ups of an address in an hour': config.accounts.signUpsPerHour,
    'sign-ins of an address in a minute': config.accounts.signInsPerMinute,
    'wrong passwords of an address at an account': config.accounts.signInFailures,
    'event streams of a user': config.eventStreams,
    'local folders': config.localRoots.length === 0 ? 'none' : config.localRoots.join(', '),
    'folders in S3':
      config.s3Sources.roots.length === 0
        ? 'none'
        : config.s3Sources.roots.map(describeS3Root).join(', '),
    'folders in S3 are read with': config.s3Sources.profile ?? 'the credentials of the store',
    'training texts are shown with': `${config.examplesNeed} permission`,
    'largest upload (MiB)': mebibytes(config.uploads.maxBytes),
    'most files of an upload': config.uploads.maxFiles,
    'unused uploads kept (days)': config.uploads.unusedDays ?? 'until they are deleted',
    'uploads of a user at once': config.quotas.uploadsUnderWay,
    'uploads of a user together (MiB)': mebibytes(config.quotas.storedBytes),
    'unfinished trainings of a user': config.quotas.trainings,
    'least free disk space (MiB)':
      config.leastFreeBytes === undefined
        ? 'a fifth of the disk, 20480 at most'
        : mebibytes(config.leastFreeBytes),
    'unused cached steps kept (days)': config.cache.maxAgeMs / 86_400_000,
    'cached steps of an owner (MiB)': mebibytes(config.cache.maxBytes),
    'encoders come from': config.hub.offline ? 'folders only' : withoutPassword(config.hub.url),
  };
}

/** A URL whose user may be seen but whose password and query may not. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  parsed.search = '';
  return parsed.href.replace(/\/$/, '');
}

function temporalOf(config: Config): string {
  const { address = 'localhost:7233', apiKey, tls } = config.temporal.connection ?? {};
  return `${address}${tls ? ' with TLS' : ''}${apiKey === undefined ? '' : ' and an API key (not shown)'}`;
}

function artifactsOf(location: ArtifactLocation): string {
  if (location.kind === 'disk') return location.folder;
  const at = location.endpoint === undefined ? '' : ` at ${withoutPassword(location.endpoint)}`;
  return `s3://${location.bucket}/${location.prefix}${at}`;
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
