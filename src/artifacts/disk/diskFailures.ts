import { TrainyardError } from '../../errors';
import { hasCode, storageMisconfigured, storageUnavailable } from '../failures';

/** No space, or none left for this user. */
const full = ['ENOSPC', 'EDQUOT'];
/** The device, or the network that it hangs on, fails. */
const away = ['EIO', 'ESTALE', 'ENODEV', 'ENXIO', 'ENOTCONN', 'EHOSTDOWN', 'EREMOTEIO'];
/** The server may not do there what it must. */
const forbidden = ['EROFS', 'EACCES', 'EPERM'];

/** Names a failure of a disk by who can act on it; everything else is passed through. */
export function explainDiskFailure(error: unknown): unknown {
  // A connection that may not be made has the same code as a folder that may not be written.
  if (error instanceof TrainyardError || !(error instanceof Error) || isOfNetwork(error)) {
    return error;
  }
  const { code } = error as NodeJS.ErrnoException;
  if (hasCode(error, ...full)) return diskFull(error);
  if (hasCode(error, ...away)) {
    return storageUnavailable(`a disk that Trainyard keeps its data on fails (${code})`, error);
  }
  if (hasCode(error, ...forbidden)) {
    return storageMisconfigured(
      `a folder that Trainyard keeps its data in may not be read or written by this process (${code}): the operator must allow it`,
      error,
    );
  }
  return error;
}

function diskFull(cause: Error): TrainyardError {
  const error = new TrainyardError(
    'infrastructure',
    'disk_full',
    'a disk that Trainyard keeps its data on is full: free some space and try again',
    507,
  );
  error.cause = cause;
  return error;
}

function isOfNetwork({ syscall }: NodeJS.ErrnoException): boolean {
  return ['connect', 'getaddrinfo', 'bind', 'listen'].includes(syscall ?? '');
}
