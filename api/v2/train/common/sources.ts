import type { RunSource } from '../../../../src/database/runs/runs';
import type { Queryable } from '../../../../src/database/database';
import { ownersOfUploads } from '../../../../src/database/uploads/uploads';
import type { Config } from '../../../../src/config';
import type { S3Root } from '../../../../src/config/s3Roots';
import { localPathProblem } from '../../../../src/data/sources/local';
import { s3PathProblem, s3RootsOf } from '../../../../src/data/sources/s3Access';
import { authorizeUpload } from '../../../../src/auth/policies';
import type { User } from '../../../../src/database/accounts/users';
import { TrainyardError } from '../../../../src/errors';
import { isUuid } from '../../../../src/support/uuid';
import type { Remarks } from './remarks';
import { counted } from '../../../../src/support/words';

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

/** Files that one training may name; an upload, a folder or a prefix holds any number. */
const mostSources = 10_000;
/** Problems of one list that are written out. */
const mostProblems = 20;

/**
 * Takes the files of a request as sources; what is wrong with them goes into the remarks. What is
 * named twice is read once: its rows would count twice, which nobody means.
 */
export function planSources(
  files: readonly GivenFile[],
  part: RunSource['part'],
  places: Places,
  { errors, warnings }: Remarks,
): RunSource[] {
  const field = part === 'train' ? 'data.supervised_files' : 'data.test_files';
  if (files.length > mostSources) {
    errors.push(
      `${field} names ${files.length} files, allowed are ${mostSources}: send more files in one upload`,
    );
    return [];
  }
  const problems: string[] = [];
  const sources = new Map<string, RunSource>();
  for (const [index, { path, location }] of files.entries()) {
    const problem = problemOf(path, location, places);
    if (problem !== undefined) problems.push(`${field}[${index}]: ${problem}`);
    const same = JSON.stringify([location, location === 'upload' ? path.toLowerCase() : path]);
    if (sources.has(same)) continue;
    sources.set(same, { path, location: location as RunSource['location'], part });
  }
  errors.push(...problems.slice(0, mostProblems));
  const left = problems.length - mostProblems;
  if (left > 0) errors.push(`${field}: ${counted(left, 'more file is', 'more files are')} wrong`);
  const repeated = files.length - sources.size;
  if (repeated > 0) {
    const times = counted(repeated, 'file is named', 'files are named');
    warnings.push(`${field}: ${times} more than once, and read once`);
  }
  return [...sources.values()];
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

/** Uploads must be there and be the caller's own. The first that is not is what the error is about. */
export async function checkUploads(
  db: Queryable,
  user: User,
  sources: readonly Pick<RunSource, 'location' | 'path'>[],
): Promise<void> {
  const given = sources.filter(({ location }) => location === 'upload').map(({ path }) => path);
  const wellFormed = given.filter(isUuid);
  const owners = await ownersOfUploads(db, wellFormed);
  for (const path of given) {
    if (!isUuid(path)) throw invalidUploads(`invalid uuid '${path}' provided`, 400);
    const owner = owners.get(path.toLowerCase());
    if (owner === undefined) throw invalidUploads(`upload ${path} does not exist`, 404);
    try {
      authorizeUpload(user, { id: path.toLowerCase(), user_id: owner });
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
