import { TrainyardError } from '../../errors';

/** A file of a training location, on this machine. */
export interface FoundFile {
  /** The name people know it by: with the folder that was asked for, so that it can name a class. */
  name: string;
  path: string;
  bytes: number;
  sha256: string;
}

/** Bounds on one location. */
export interface SourceLimits {
  maxFiles: number;
  maxBytes: number;
}

/** The error for a location with too many files or bytes. */
export function locationTooLarge(
  location: string,
  { maxFiles, maxBytes }: SourceLimits,
): TrainyardError {
  return new TrainyardError(
    'limit',
    'location_too_large',
    `${location} holds more than the ${maxFiles} files or ${Math.round(maxBytes / (1 << 20))} MiB ` +
      'that one training location may hold; name a smaller part of it',
  );
}
