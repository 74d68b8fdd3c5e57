import { z } from 'zod';
import { shortestPassword } from '../auth/passwordRules';
import { emailRule, isEmailAddress } from '../identity/emailAddress';
import { s3Roots } from './s3Roots';
import { flag, folders, networks, oneOf, text, url, wholeNumber } from './values';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One environment variable: what it may be, what it is when unset, and what it is for. */
export interface Setting<T = unknown> {
  type: z.ZodType<T, string>;
  /** In words; `undefined` when nothing stands in for it. */
  fallback?: string;
  /** One line for `docs/operations.md`. */
  about: string;
  /** True: neither `trainyard config` nor an error shows the value. */
  secret?: true;
}

const setting = <T>(type: z.ZodType<T, string>, about: string, fallback?: string): Setting<T> => ({
  type,
  about,
  ...(fallback === undefined ? {} : { fallback }),
});
const secret = <T>(type: z.ZodType<T, string>, about: string, fallback?: string): Setting<T> => ({
  ...setting(type, about, fallback),
  secret: true,
});

/** Every variable that Trainyard reads. An empty value counts as unset. */
export const settings = {
  TRAINYARD_HOME: setting(text(), 'Folder of everything that lives on this machine.', '.trainyard'),
  TRAINYARD_HOST: setting(text(), 'Address that the API listens on.', '127.0.0.1'),
  TRAINYARD_PORT: setting(wholeNumber(0, 65535), 'Port of the API; 0 takes any free one.', '8000'),
  TRAINYARD_TRUSTED_PROXIES: setting(
    networks(),
    "Addresses and networks (10.0.0.0/8, fd00::/8, loopback) of your own proxies: the client's address in their X-Forwarded-For or X-Real-Ip is believed, nobody else's is.",
    'none',
  ),
  TRAINYARD_SERVING_HOST: setting(
    text(),
    'Address that the serving process listens on.',
    '127.0.0.1',
  ),
  TRAINYARD_SERVING_PORT: setting(
    wholeNumber(0, 65535),
    'Port of the serving process; 0 takes any free one.',
    '8001',
  ),
  TRAINYARD_SERVING_URL: setting(
    url('http', 'https'),
    'Where the API sends predictions.',
    'http://127.0.0.1:<TRAINYARD_SERVING_PORT>',
  ),
  TRAINYARD_ANSWER_SECONDS: setting(
    wholeNumber(1, 86_400),
    'Seconds that a deployed model may take until its answer begins; then the API replies 504.',
    '300',
  ),
  TRAINYARD_WORKER_HOST: setting(
    text(),
    "Address of a worker's /health, /ready and /metrics.",
    '127.0.0.1',
  ),
  TRAINYARD_WORKER_PORT: setting(
    wholeNumber(1, 65535),
    "Port of a worker's /health, /ready and /metrics.",
    'none',
  ),
  TRAINYARD_LOG_LEVEL: setting(
    oneOf(logLevels),
    `Least level that is logged: ${logLevels.join(', ')}.`,
    'info',
  ),
  TRAINYARD_SECRET: secret(
    text(32),
    'Signs every token, 32 characters or more; the same on every machine.',
    'generated into <TRAINYARD_HOME>/secret',
  ),
  TRAINYARD_ADMIN_USERNAME: setting(
    text(),
    'First administrator; give all three or none.',
    'a sign-up link',
  ),
  TRAINYARD_ADMIN_EMAIL: setting(
    z.string().refine(isEmailAddress, { error: `allowed is ${emailRule}` }),
    'First administrator.',
  ),
  TRAINYARD_ADMIN_PASSWORD: secret(
    text(shortestPassword),
    `First administrator, ${shortestPassword} characters or more.`,
  ),
  TRAINYARD_PASSWORD_MIN: setting(
    wholeNumber(1, 64),
    'Characters that a new password has at least; less than 8 only for clients that send short ones.',
    String(shortestPassword),
  ),
  TRAINYARD_SIGN_UPS_PER_HOUR: setting(
    wholeNumber(0, 1_000_000),
    'Most sign-ups from one address within an hour; 0: only administrators add users.',
    '500',
  ),
  TRAINYARD_SIGN_INS_PER_MINUTE: setting(
    wholeNumber(1, 1_000_000),
    'Most sign-ins from one address within a minute, wrong ones included.',
    '300',
  ),
  TRAINYARD_SIGN_IN_FAILURES: setting(
    wholeNumber(1, 1_000_000),
    'Wrong passwords for one account from one address, after which it waits 15 minutes.',
    '10',
  ),
  TRAINYARD_EVENT_STREAMS: setting(
    wholeNumber(1, 1_000_000),
    'Most event streams that one user has open at one API process.',
    '100',
  ),
  DATABASE_URL: secret(
    url('postgres', 'postgresql'),
    'PostgreSQL to use in place of the embedded one.',
    'embedded PostgreSQL',
  ),
  TRAINYARD_DATABASE_POOL: setting(
    wholeNumber(1, 1000),
    'Most database connections of one process.',
    '10',
  ),
  TEMPORAL_ADDRESS: setting(
    text(),
    'Temporal to use in place of a local one, host:port.',
    'local Temporal',
  ),
  TEMPORAL_NAMESPACE: setting(text(), 'Temporal namespace.', 'default'),
  TRAINYARD_TEMPORAL_UI: setting(
    flag(),
    'false: the local Temporal runs without its web page.',
    'true',
  ),
  TRAINYARD_SILENCE_SECONDS: setting(
    wholeNumber(10, 86_400),
    'With everything on one machine: a part that gives no answer for so long is killed and started again.',
    '60',
  ),
  ARTIFACT_URL: setting(
    url('file', 's3').refine((value) => !value.startsWith('s3:///'), {
      error: 'names no bucket: allowed is s3://bucket/prefix',
    }),
    'Where objects live: s3://bucket/prefix or file:///folder.',
    'file://<TRAINYARD_HOME>/artifacts',
  ),
  AWS_ENDPOINT_URL_S3: setting(
    url('http', 'https'),
    'S3-compatible endpoint in place of AWS.',
    'AWS',
  ),
  TRAINYARD_LOCAL_ROOTS: setting(
    folders(),
    'Folders that requests may read with location "local".',
    'none: "local" is refused',
  ),
  TRAINYARD_S3_ROOTS: setting(
    s3Roots(),
    'Folders in S3 that requests may read with location "s3", separated by spaces; ?user= and ?team= say who may.',
    'none: "s3" is refused',
  ),
  TRAINYARD_S3_PROFILE: setting(
    text(),
    'AWS profile with which location "s3" is read.',
    'the credentials of the artifact store',
  ),
  TRAINYARD_EXAMPLES_NEED: setting(
    oneOf(['read', 'write', 'owner']),
    'Permission on a model that shows texts of its training data, in reports, logs and messages: read, write or owner.',
    'write',
  ),
  TRAINYARD_CORES: setting(
    wholeNumber(1, 4096),
    'Cores that trainings of one worker may share.',
    "the machine's",
  ),
  TRAINYARD_MEMORY_MB: setting(
    wholeNumber(512, 67_108_864),
    'Memory in MiB that trainings of one worker may share.',
    "three quarters of the machine's",
  ),
  TRAINYARD_UPLOAD_MAX_MB: setting(wholeNumber(1, 16_777_216), 'Most MiB of one upload.', '10240'),
  TRAINYARD_UPLOAD_MAX_FILES: setting(
    wholeNumber(1, 10_000_000),
    'Most files of one upload.',
    '100000',
  ),
  TRAINYARD_UPLOAD_DAYS: setting(
    wholeNumber(1, 3650),
    'Days after which an upload is deleted that no training has read meanwhile.',
    'never',
  ),
  TRAINYARD_USER_UPLOADS: setting(
    wholeNumber(1, 100_000),
    'Most uploads that one user sends to one API process at once (429).',
    '32',
  ),
  TRAINYARD_USER_STORED_MB: setting(
    wholeNumber(1, 1_073_741_824),
    'Most MiB that the uploads of one user take together (507).',
    '102400',
  ),
  TRAINYARD_USER_TRAININGS: setting(
    wholeNumber(1, 10_000_000),
    'Most trainings of one user that wait or run at once (429).',
    '5000',
  ),
  TRAINYARD_LEAST_FREE_MB: setting(
    wholeNumber(0, 1_073_741_824),
    'MiB of disk that must stay free: with less, uploads, trainings and deployments are refused (507).',
    'a fifth of the disk, 20480 at most',
  ),
  TRAINYARD_HEARTBEAT_SECONDS: setting(
    wholeNumber(1, 3600),
    'A stage whose worker is silent for so long starts again elsewhere.',
    '30',
  ),
  TRAINYARD_STICKY_SECONDS: setting(
    wholeNumber(1, 3600),
    'A workflow whose worker is silent for so long moves to another.',
    '10',
  ),
  TRAINYARD_HANG_MINUTES: setting(
    wholeNumber(1, 10_080),
    'A stage without progress for so long is killed.',
    '30',
  ),
  TRAINYARD_OUTAGE_HOURS: setting(
    wholeNumber(0, 8760),
    'Object store, database or disk may be away for so long before a training that needs them is given up.',
    '24',
  ),
  TRAINYARD_RETENTION_DAYS: setting(
    wholeNumber(1, 3650),
    'Days that Temporal keeps the history of a finished training.',
    '30',
  ),
  TRAINYARD_CACHE_DAYS: setting(
    wholeNumber(1, 3650),
    'Days that an unused cached step is kept.',
    '30',
  ),
  TRAINYARD_CACHE_MAX_MB: setting(
    wholeNumber(1, 1_073_741_824),
    'Most MiB of cached steps of one owner; the least recently used go first.',
    '20480',
  ),
  TRAINYARD_HUB_URL: setting(
    url('http', 'https'),
    'Hub, or a mirror of it, from which encoders are downloaded.',
    'https://huggingface.co',
  ),
  TRAINYARD_OFFLINE: setting(
    flag(),
    'true: encoders are added from folders only, and nothing is downloaded.',
    'false',
  ),
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** The variables that were set, parsed. */
export type Settings = { [K in SettingName]?: z.output<(typeof settings)[K]['type']> };
