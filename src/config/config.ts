import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { shortestPassword } from '../auth/passwordRules';
import { artifactLocation, type ArtifactLocation } from './artifactLocation';
import { readSettings, type Environment } from './readSettings';
import type { S3Root } from './s3Roots';
import type { LogLevel, Settings } from './settings';
import { temporalSettings, type TemporalSettings } from './temporalSettings';

/** Everything that an operator can choose, with the defaults filled in. */
export interface Config {
  /** Absolute folder of what lives on this machine. */
  home: string;
  logLevel: LogLevel;
  /** The API process. Port 0: any free one. */
  api: {
    host: string;
    port: number;
    /** Addresses and networks whose word on a client's address is believed. */
    trustedProxies: string[];
  };
  /** The serving process, where the API finds it, and how long the API waits for its answers. */
  serving: { host: string; port: number; url: string; answerMs: number };
  worker: {
    /** Address of `/health`, `/ready` and `/metrics` of a worker; without a port there are none. */
    host: string;
    port?: number;
    /** What the trainings of one worker may share. */
    cores: number;
    memoryMb: number;
    /** A stage whose worker is silent for so long starts again elsewhere. */
    heartbeatMs: number;
    /** A workflow whose worker is silent for so long moves to another. */
    stickyMs: number;
    /** A stage without progress for so long is killed. */
    hangMs: number;
    /** What a stage depends on may be away for so long before the training is given up. */
    outageMs: number;
  };
  /** `url` absent: the embedded PostgreSQL of `trainyard up`. */
  database: { url?: string; poolSize: number };
  temporal: TemporalSettings;
  /** Of the Temporal that `trainyard up` brings up; `ui`: with its web page. */
  localTemporal: { ui: boolean };
  supervisor: {
    /** A part that gives no answer for so long is killed and started again. */
    silenceMs: number;
  };
  artifacts: ArtifactLocation;
  /** Signs every token; absent: the generated file, see `signingSecret`. */
  secret?: string;
  /** The first administrator; absent: a one-time sign-up link. */
  admin?: { username: string; email: string; password: string };
  /** What is asked of accounts, and how often they may be asked for. */
  accounts: {
    /** Characters that a new password has at least. */
    shortestPassword: number;
    /** From one address; 0: nobody may sign up. */
    signUpsPerHour: number;
    /** From one address, right or wrong. */
    signInsPerMinute: number;
    /** Wrong passwords for one account from one address within 15 minutes. */
    signInFailures: number;
  };
  /** Event streams of one user at one API process. */
  eventStreams: number;
  /** Absolute folders that requests may read with location `local`. */
  localRoots: string[];
  /** What requests may read with location `s3`, and the AWS profile with which; none: as the store. */
  s3Sources: { roots: S3Root[]; profile?: string };
  /** `unusedDays` absent: uploads stay until somebody deletes them. */
  uploads: { maxBytes: number; maxFiles: number; unusedDays?: number };
  /** The most of each that one user may have. */
  quotas: {
    /** On their way at once, to one API process. */
    uploadsUnderWay: number;
    storedBytes: number;
    /** Waiting or running. */
    trainings: number;
  };
  /** The permission on a model that shows texts of its training data. */
  examplesNeed: 'read' | 'write' | 'owner';
  /** Bytes that must stay free on the disk; absent: a fifth of it, 20 GiB at most. */
  leastFreeBytes?: number;
  cache: { maxAgeMs: number; maxBytes: number };
  /** Where `trainyard encoders add` downloads from; `offline`: nowhere. Without a slash at its end. */
  hub: { url: string; offline: boolean };
}

const loopback = '127.0.0.1';
const mebibyte = 1024 * 1024;
const day = 24 * 60 * 60 * 1000;

/**
 * Reads the environment.
 * @throws TrainyardError `invalid_configuration`, which lists every variable that is wrong.
 */
export function loadConfig(env: Environment = process.env): Config {
  const set = readSettings(env);
  const home = resolve(set.TRAINYARD_HOME ?? '.trainyard');
  const servingPort = set.TRAINYARD_SERVING_PORT ?? 8001;
  return {
    home,
    logLevel: set.TRAINYARD_LOG_LEVEL ?? 'info',
    api: {
      host: set.TRAINYARD_HOST ?? loopback,
      port: set.TRAINYARD_PORT ?? 8000,
      trustedProxies: set.TRAINYARD_TRUSTED_PROXIES ?? [],
    },
    serving: {
      host: set.TRAINYARD_SERVING_HOST ?? loopback,
      port: servingPort,
      url: set.TRAINYARD_SERVING_URL ?? `http://127.0.0.1:${servingPort}`,
      answerMs: (set.TRAINYARD_ANSWER_SECONDS ?? 300) * 1000,
    },
    worker: workerOptions(set),
    database: {
      ...(set.DATABASE_URL === undefined ? {} : { url: set.DATABASE_URL }),
      poolSize: set.TRAINYARD_DATABASE_POOL ?? 10,
    },
    temporal: temporalSettings(env, set.TRAINYARD_RETENTION_DAYS ?? 30),
    localTemporal: { ui: set.TRAINYARD_TEMPORAL_UI ?? true },
    supervisor: { silenceMs: (set.TRAINYARD_SILENCE_SECONDS ?? 60) * 1000 },
    artifacts: artifactLocation(set.ARTIFACT_URL, join(home, 'artifacts'), set.AWS_ENDPOINT_URL_S3),
    ...(set.TRAINYARD_SECRET === undefined ? {} : { secret: set.TRAINYARD_SECRET }),
    ...administratorOf(set),
    accounts: {
      shortestPassword: set.TRAINYARD_PASSWORD_MIN ?? shortestPassword,
      signUpsPerHour: set.TRAINYARD_SIGN_UPS_PER_HOUR ?? 500,
      signInsPerMinute: set.TRAINYARD_SIGN_INS_PER_MINUTE ?? 300,
      signInFailures: set.TRAINYARD_SIGN_IN_FAILURES ?? 10,
    },
    eventStreams: set.TRAINYARD_EVENT_STREAMS ?? 100,
    localRoots: set.TRAINYARD_LOCAL_ROOTS ?? [],
    s3Sources: {
      roots: set.TRAINYARD_S3_ROOTS ?? [],
      ...(set.TRAINYARD_S3_PROFILE === undefined ? {} : { profile: set.TRAINYARD_S3_PROFILE }),
    },
    examplesNeed: set.TRAINYARD_EXAMPLES_NEED ?? 'write',
    uploads: {
      maxBytes: (set.TRAINYARD_UPLOAD_MAX_MB ?? 10_240) * mebibyte,
      maxFiles: set.TRAINYARD_UPLOAD_MAX_FILES ?? 100_000,
      ...(set.TRAINYARD_UPLOAD_DAYS === undefined ? {} : { unusedDays: set.TRAINYARD_UPLOAD_DAYS }),
    },
    quotas: {
      uploadsUnderWay: set.TRAINYARD_USER_UPLOADS ?? 32,
      storedBytes: (set.TRAINYARD_USER_STORED_MB ?? 102_400) * mebibyte,
      trainings: set.TRAINYARD_USER_TRAININGS ?? 5000,
    },
    ...(set.TRAINYARD_LEAST_FREE_MB === undefined
      ? {}
      : { leastFreeBytes: set.TRAINYARD_LEAST_FREE_MB * mebibyte }),
    cache: {
      maxAgeMs: (set.TRAINYARD_CACHE_DAYS ?? 30) * day,
      maxBytes: (set.TRAINYARD_CACHE_MAX_MB ?? 20_480) * mebibyte,
    },
    hub: {
      url: (set.TRAINYARD_HUB_URL ?? 'https://huggingface.co').replace(/\/+$/, ''),
      offline: set.TRAINYARD_OFFLINE ?? false,
    },
  };
}

function workerOptions(set: Settings): Config['worker'] {
  return {
    host: set.TRAINYARD_WORKER_HOST ?? loopback,
    ...(set.TRAINYARD_WORKER_PORT === undefined ? {} : { port: set.TRAINYARD_WORKER_PORT }),
    cores: set.TRAINYARD_CORES ?? availableParallelism(),
    memoryMb: set.TRAINYARD_MEMORY_MB ?? Math.floor((machineMemory() * 3) / 4 / mebibyte),
    heartbeatMs: (set.TRAINYARD_HEARTBEAT_SECONDS ?? 30) * 1000,
    stickyMs: (set.TRAINYARD_STICKY_SECONDS ?? 10) * 1000,
    hangMs: (set.TRAINYARD_HANG_MINUTES ?? 30) * 60_000,
    outageMs: (set.TRAINYARD_OUTAGE_HOURS ?? 24) * 3_600_000,
  };
}

/** The machine's memory in bytes, or what a container may use of it. */
function machineMemory(): number {
  const total = totalmem();
  const limit = process.constrainedMemory();
  return limit > 0 && limit < total ? limit : total;
}

function administratorOf(set: Settings): Pick<Config, 'admin'> {
  const username = set.TRAINYARD_ADMIN_USERNAME;
  const email = set.TRAINYARD_ADMIN_EMAIL;
  const password = set.TRAINYARD_ADMIN_PASSWORD;
  if (username === undefined || email === undefined || password === undefined) return {};
  return { admin: { username, email, password } };
}
