import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { TrainyardError } from '../errors';
import { artifactMissing, storageUnavailable } from './failures';

/**
 * A client for any S3-compatible service. Region and credentials come from the variables and files
 * that every AWS tool reads (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, …).
 * @param endpoint absent: AWS itself
 */
export function createS3Client(endpoint = process.env.AWS_ENDPOINT_URL): S3Client {
  return new S3Client({
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
  if (error instanceof TrainyardError) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchKey' || name === 'NotFound') return artifactMissing(key);
  if (name === 'NoSuchBucket') {
    return storageUnavailable(action, new Error('the bucket of ARTIFACT_URL does not exist'));
  }
  if (error instanceof S3ServiceException) {
    return storageUnavailable(action, new Error(`the service answered ${name}`));
  }
  return storageUnavailable(action, error);
}
