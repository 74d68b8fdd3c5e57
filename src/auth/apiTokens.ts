import { createHash, randomBytes } from 'node:crypto';

/** What API tokens begin with, so that people and secret scanners know one when they see it. */
export const apiTokenPrefix = 'trainyard_';

/** A new API token: 256 random bits. Shown once; only `apiTokenHash` of it is kept. */
export function newApiToken(): string {
  return apiTokenPrefix + randomBytes(32).toString('base64url');
}

/** A fast hash suffices for 256 random bits: there is nothing to guess. */
export function apiTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
