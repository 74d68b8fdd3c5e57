import type { RunSource } from '../../../src/database/runs';
import type { Queryable } from '../../../src/database/database';
import { uploadById } from '../../../src/database/uploads';
import type { Config } from '../../../src/config';
import type { S3Root } from '../../../src/config/s3Roots';
import { localPathProblem } from '../../../src/data/sources/local';
import { s3PathProblem, s3RootsOf } from '../../../src/data/sources/s3Access';
import { authorizeUpload } from '../../../src/auth/policies';
import type { User } from '../../../src/database/users';
import { TrainyardError } from '../../../src/errors';

interface GivenFile {
  path: string;
  location: string;
}

/** What a request may read beside uploads. */
export interface Places {
  /** Folders of this server (TRAINYARD_LOCAL_ROOTS). */
  localRoots: readonly string[];
  /** Folders in S3 that the caller may read (TRAINYARD_S3_ROOTS). */
  s3Roots: readonly S3Root[];
}

/** What the caller may read. */
export async function placesOf(db: Queryable, user: User, config: Config): Promise<Places> {
  const s3Roots = await s3RootsOf(db, config.s3Sources.roots, user.id);
  return { localRoots: config.localRoots, s3Roots };
}

/** Takes the files of a request as sources; what is wrong with them goes into `errors`. */
export function planSources(
  files: readonly GivenFile[],
  part: RunSource['part'],
  places: Places,
  errors: string[],
): RunSource[] {
  const field = part === 'train' ? 'data.supervised_files' : 'data.test_files';
  return files.map(({ path, location }, index) => {
    const problem = problemOf(path, location, places);
    if (problem !== undefined) errors.push(`${field}[${index}]: ${problem}`);
    return { path, location: location as RunSource['location'], part };
  });
}

function problemOf(path: string, location: string, places: Places): string | undefined {
  const { localRoots, s3Roots } = places;
  const available = [
    'upload',
    ...(s3Roots.length > 0 ? ['s3'] : []),
    ...(localRoots.length > 0 ? ['local'] : []),
  ];
  if (!available.includes(location)) {
    return `invalid file location "${location}", allowed are ${available.join(', ')}${hint(location)}`;
  }
  if (path === '') return 'file path cannot be empty';
  if (location === 's3') return s3PathProblem(path, s3Roots);
  return location === 'local' ? localPathProblem(path, localRoots) : undefined;
}

/** What the operator could change. */
function hint(location: string): string {
  if (location === 's3') {
    return '; the operator of this server lets you read no folder in S3 (TRAINYARD_S3_ROOTS)';
  }
  if (location === 'local') {
    return '; the operator of this server lets nobody read its folders (TRAINYARD_LOCAL_ROOTS)';
  }
  return '';
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
