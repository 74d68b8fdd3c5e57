import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, TrainyardError } from '../../errors';
import { deadline } from '../deadline';
import { isTaken, tryLock, type Lock } from '../lock';
import { tellWhile, type Progress } from '../progress';
import { cliVersion, installWithGo, sdkDownload } from './temporalSources';
import { run } from '../run';
import { userCache } from '../userCache';

/** What was tried, and why it did not lead to a Temporal. */
interface Failure {
  way: string;
  reason: string;
}

/** How long one process waits for another that downloads or builds. */
const mostPatienceMs = 30 * 60_000;

/**
 * The Temporal CLI: from PATH, from the cache of this user, downloaded by the SDK, or built with Go.
 * One process fetches it; others wait for it.
 * @throws TrainyardError `no_temporal`, which says what was tried and how to set each way right.
 */
export async function temporalBinary(progress: Progress): Promise<string> {
  const failures: Failure[] = [{ way: 'a server of yours', reason: 'TEMPORAL_ADDRESS is not set' }];
  const installed = await fromPath(failures);
  if (installed !== undefined) return installed;
  const cached = await fromCache();
  if (cached !== undefined) return cached;
  failures.push({ way: 'the cache', reason: `there is none in ${userCache()}` });

  const lock = await fetchLock(progress);
  try {
    // Another process may have fetched it while this one waited.
    return (await fromCache()) ?? (await fetched(failures, progress));
  } finally {
    lock.release();
  }
}

async function fromPath(failures: Failure[]): Promise<string | undefined> {
  const { ok, reason } = await version('temporal');
  if (ok) return 'temporal';
  failures.push({ way: '"temporal" on PATH', reason });
  return undefined;
}

async function fromCache(): Promise<string | undefined> {
  const candidates = [builtBinary(), sdkDownload.find(join(userCache(), sdkDownload.folder))];
  for (const path of candidates) {
    if (path !== undefined && existsSync(path) && (await version(path)).ok) return path;
  }
  return undefined;
}

async function fetched(failures: Failure[], progress: Progress): Promise<string> {
  try {
    const folder = join(userCache(), sdkDownload.folder);
    return await tellWhile(progress, 'downloading Temporal (about 50 MB, once)', () =>
      sdkDownload.fetch(folder),
    );
  } catch (error) {
    failures.push({ way: 'a download by the Temporal SDK', reason: messageOf(error) });
  }
  try {
    const what = 'the download is out of reach; building Temporal with Go (about 4 minutes, once)';
    return await tellWhile(progress, what, () => installWithGo(builtBinary()));
  } catch (error) {
    failures.push({ way: 'a build with Go', reason: messageOf(error) });
  }
  throw nothingWorked(failures);
}

function builtBinary(): string {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
  return join(userCache(), `temporal-cli-${cliVersion}`, name);
}

/** Whether it starts and says which version it is. */
async function version(command: string): Promise<{ ok: boolean; reason: string }> {
  const result = await run(command, ['--version'], { patienceMs: 30_000 });
  const ok = result.code === 0 && /temporal version/i.test(result.output);
  return {
    ok,
    reason: result.missing ? 'there is none' : `it answered: ${result.output.slice(0, 200)}`,
  };
}

async function fetchLock(progress: Progress): Promise<Lock> {
  const path = join(userCache(), 'temporal.lock');
  let answer = tryLock(path);
  if (!isTaken(answer)) progress(`process ${answer.pid} is fetching Temporal; waiting for it`);
  await deadline(
    () => isTaken((answer = isTaken(answer) ? answer : tryLock(path))),
    mostPatienceMs,
    500,
  );
  if (isTaken(answer)) return answer;
  throw new TrainyardError(
    'infrastructure',
    'temporal_fetch_stuck',
    `process ${answer.pid} has been fetching Temporal since ${answer.since}; end it, or set TEMPORAL_ADDRESS`,
    500,
  );
}

function nothingWorked(failures: Failure[]): TrainyardError {
  const tried = failures.map(({ way, reason }) => `  - ${way}: ${reason.trim()}`).join('\n');
  return new TrainyardError(
    'config',
    'no_temporal',
    `no Temporal server could be found, downloaded or built; these ways were tried:\n${tried}\n` +
      'any one of these sets it right: set TEMPORAL_ADDRESS to a running server (host:port); put the ' +
      `Temporal CLI on PATH; place it at ${builtBinary()}; allow access to temporal.download; ` +
      'or install Go 1.25 or newer with access to its module proxy',
    500,
  );
}
