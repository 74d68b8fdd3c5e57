import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { version as sdkVersion } from '@temporalio/testing/package.json';
import { run } from '../run';

/** The newest CLI that `go install` can build: later ones have a replace directive in their go.mod. */
export const cliVersion = '1.5.1';

/** How the SDK names a download under way. */
const unfinished = '.downloading';

const oldestGo = [1, 25] as const;

/** The download that the SDK itself makes, pinned to the SDK's version. */
export const sdkDownload = {
  /** Below the user's cache. */
  folder: `temporal-sdk-${sdkVersion}`,

  /** The program in such a folder, whatever the SDK called it. */
  find(folder: string): string | undefined {
    if (!existsSync(folder)) return undefined;
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .find((path) => !path.endsWith(unfinished) && isProgram(path));
  },

  /** Downloads it, while nobody else does; the path of the program. */
  async fetch(folder: string): Promise<string> {
    mkdirSync(folder, { recursive: true });
    // The SDK would wait for the owner of what a killed download left.
    const left = readdirSync(folder).filter((name) => name.endsWith(unfinished));
    for (const name of left) rmSync(join(folder, name));
    const script = join(__dirname, 'temporalDownload.js');
    const { code, output } = await run(process.execPath, [script, folder], {
      patienceMs: 15 * 60_000,
    });
    const found = sdkDownload.find(folder);
    if (code !== 0 || found === undefined)
      throw new Error(firstLines(output) || 'it ended without a word');
    return found;
  },
};

/** Builds the CLI with Go into a folder beside `path`, then moves it there; returns `path`. */
export async function installWithGo(path: string): Promise<string> {
  await requireGo();
  const draft = join(dirname(path), `build.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    const { code, output } = await run(
      'go',
      ['install', `github.com/temporalio/cli/cmd/temporal@v${cliVersion}`],
      { patienceMs: 25 * 60_000, env: { ...process.env, GOBIN: draft, GOFLAGS: '' } },
    );
    const built = join(draft, basename(path));
    if (code !== 0 || !existsSync(built))
      throw new Error(lastLine(output) || 'it ended without a word');
    chmodSync(built, 0o755);
    renameSync(built, path);
    return path;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function isProgram(path: string): boolean {
  const { size, mode } = statSync(path);
  return size > 0 && (process.platform === 'win32' || (mode & 0o100) !== 0);
}

async function requireGo(): Promise<void> {
  const { code, output, missing } = await run('go', ['env', 'GOVERSION'], { patienceMs: 30_000 });
  if (missing || code !== 0) throw new Error('Go is not installed');
  const [major = 0, minor = 0] = output.replace(/^go/, '').split('.').map(Number);
  if (major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1])) return;
  throw new Error(`Go ${oldestGo.join('.')} or newer is needed, found ${output.trim()}`);
}

function firstLines(output: string): string {
  return output.trim().split('\n').slice(0, 3).join(' ');
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
