import { S3Client } from '@aws-sdk/client-s3';
import { TrainyardError } from '../../errors';
import { explainDiskFailure } from '../disk/diskFailures';
import { artifactMissing, storageMisconfigured, storageUnavailable } from '../failures';
import { explainS3Error } from './s3Failures';

/**
 * A client for any S3-compatible service. Region and credentials come from the variables and files
 * that every AWS tool reads (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, …).
 * @param endpoint absent: AWS itself
 * @param profile whose credentials count in place of those in the variables
 */
export function createS3Client(
  endpoint = process.env.AWS_ENDPOINT_URL,
  profile?: string,
): S3Client {
  return new S3Client({
    ...(profile === undefined ? {} : { profile }),
    // A service of one's own has no bucket names in its host name, and mostly no regions.
    ...(endpoint
      ? { endpoint, forcePathStyle: true, region: process.env.AWS_REGION ?? 'us-east-1' }
      : {}),
    maxAttempts: 5,
    // Newer checksum headers are refused by some compatible services; bodies are signed by sha256.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
}

/** Gives an error of the SDK the words of the artifact store; our own errors stay as they are. */
export function explainS3Failure(action: string, key: string, error: unknown): Error {
  const known = explainDiskFailure(error);
  if (known instanceof TrainyardError) return known;
  const fault = explainS3Error(error);
  switch (fault.kind) {
    case 'missing':
      return artifactMissing(key);
    case 'config':
      return storageMisconfigured(
        `the artifact store of ARTIFACT_URL cannot be used as it is configured: ${fault.why}`,
        error,
      );
    case 'outage':
      return storageUnavailable(`the artifact store failed to ${action}: ${fault.why}`, error);
  }
}
