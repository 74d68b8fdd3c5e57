import type { RunSource } from '../../../src/database/runs';
import type { Queryable } from '../../../src/database/database';
import { uploadById } from '../../../src/database/uploads';
import { localPathProblem } from '../../../src/data/sources/local';
import { authorizeUpload } from '../../../src/auth/policies';
import type { User } from '../../../src/database/users';
import { TrainyardError } from '../../../src/errors';

interface GivenFile {
  path: string;
  location: string;
}

/** Known to clients of the Model Bazaar API, but nothing here can read them. */
const unavailable = ['azure', 'gcp', 'nfs'];

/** Takes the files of a request as sources; what is wrong with them goes into `errors`. */
export function planSources(
  files: readonly GivenFile[],
  part: RunSource['part'],
  localRoots: readonly string[],
  errors: string[],
): RunSource[] {
  const field = part === 'train' ? 'data.supervised_files' : 'data.test_files';
  return files.map(({ path, location }, index) => {
    const problem = problemOf(path, location, localRoots);
    if (problem !== undefined) errors.push(`${field}[${index}]: ${problem}`);
    return { path, location: location as RunSource['location'], part };
  });
}

function problemOf(
  path: string,
  location: string,
  localRoots: readonly string[],
): string | undefined {
  const available = ['upload', 's3', ...(localRoots.length > 0 ? ['local'] : [])];
  if (unavailable.includes(location) || (location === 'local' && localRoots.length === 0)) {
    return `location "${location}" is not available, available are ${available.join(', ')}`;
  }
  if (!available.includes(location)) {
    return `invalid file location "${location}", allowed are ${available.join(', ')}`;
  }
  if (path === '') return 'file path cannot be empty';
  if (location === 's3' && !/^s3:\/\/[^/]+(\/|$)/.test(path)) {
    return `path "${path}" is not of the form s3://bucket/prefix`;
  }
  return location === 'local' ? localPathProblem(path, localRoots) : undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Uploads must be there and be the caller's own. */
export async function checkUploads(
  db: Queryable,
  user: User,
  sources: readonly RunSource[],
): Promise<void> {
  for (const { location, path } of sources) {
    if (location !== 'upload') continue;
    if (!uuid.test(path)) {
      throw invalidUploads(`invalid uuid '${path}' provided`, 400);
    }
    const upload = await uploadById(db, path);
    if (!upload) throw invalidUploads(`upload ${path} does not exist`, 404);
    try {
      authorizeUpload(user, upload);
    } catch (error) {
      throw error instanceof TrainyardError ? invalidUploads(error.message, error.status) : error;
    }
  }
}

function invalidUploads(reason: string, status: number): TrainyardError {
  return new TrainyardError(
    'config',
    'invalid_uploads',
    `invalid uploads specified: ${reason}`,
    status,
  );
}
