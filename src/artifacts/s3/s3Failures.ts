import { messageOf } from '../../errors';

/**
 * What a failed call of an S3 service means, for whoever decides what happens next.
 * - `missing`: the object is not there
 * - `config`: the operator must change something; trying again changes nothing
 * - `outage`: the service, or the way to it, is away and may come back by itself
 */
export type S3Fault =
  | { kind: 'missing' }
  | { kind: 'config'; what: 'bucket' | 'denied' | 'settings'; why: string }
  | { kind: 'outage'; why: string };

/** Takes an error that the SDK threw apart; `why` holds no address, path or secret. */
export function explainS3Error(error: unknown): S3Fault {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchKey' || name === 'NotFound') return { kind: 'missing' };
  if (name === 'NoSuchBucket') {
    return { kind: 'config', what: 'bucket', why: 'the bucket does not exist' };
  }
  const settings = wrongSettings(name, messageOf(error));
  if (settings !== undefined) return { kind: 'config', what: 'settings', why: settings };
  const status = statusOf(error);
  if (isDenied(name, status)) {
    return {
      kind: 'config',
      what: 'denied',
      why: `the service refuses the server's credentials (${named(name, status)})`,
    };
  }
  return { kind: 'outage', why: outage(error, name, status) };
}

const noRegion = 'no region is set: set AWS_REGION';
const otherRegion = 'the bucket is in another region than the one that AWS_REGION names';
const noCredentials =
  'no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role';

/** What the SDK or the service says about the operator's own settings. */
function wrongSettings(name: string, message: string): string | undefined {
  // The SDK has no class for these two.
  if (message === 'Region is missing') return noRegion;
  if (message.startsWith('Region not accepted')) return 'AWS_REGION is not the name of a region';
  if (name === 'CredentialsProviderError') return noCredentials;
  if (['PermanentRedirect', 'AuthorizationHeaderMalformed'].includes(name)) return otherRegion;
  if (name === 'InvalidBucketName') return 'the service takes no bucket of that name';
  return undefined;
}

/** Refusals that have another status than 403; the last is what versitygw says of unknown keys. */
const refusals = new Set(['InvalidToken', 'ExpiredToken', 'XAdminUserNotFound']);

/** 403 answers that say something other than "not you". */
const passing = /Quota|StorageFull|RequestTimeTooSkewed|SlowDown|Throttl/;

function isDenied(name: string, status: number | undefined): boolean {
  if (passing.test(name)) return false;
  return status === 401 || status === 403 || refusals.has(name);
}

function outage(error: unknown, name: string, status: number | undefined): string {
  if (status !== undefined) return `the service answered ${named(name, status)}`;
  if (name === 'TimeoutError') return 'the service did not answer in time';
  // Messages about connections hold addresses, which are nobody's business.
  const { code = /\bE[A-Z_]{3,}\b/.exec(messageOf(error))?.[0] } = error as NodeJS.ErrnoException;
  return code === undefined ? messageOf(error) : `no connection to the service (${code})`;
}

function named(name: string, status: number | undefined): string {
  const says = ['', 'Error', 'Unknown', 'S3ServiceException'].includes(name) ? '' : name;
  return [status, says].filter(Boolean).join(' ');
}

function statusOf(error: unknown): number | undefined {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata;
  return metadata?.httpStatusCode;
}
