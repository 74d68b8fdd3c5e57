import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { scratchFolder } from './scratchFolder';

const version = '1.8.0';
const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  `trainyard/versitygw-${version}`,
);
const cached = join(cache, 'versitygw');

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Why the server cannot be had here; undefined when it can. For `describe.skip` and its title. */
export const s3ServerMissing =
  existsSync(cached) || onPath('versitygw') || onPath('go')
    ? undefined
    : 'neither versitygw nor Go to build it with is installed';

/** Building takes minutes the first time; afterwards it comes from the user's cache. */
async function serverBinary(): Promise<string> {
  if (existsSync(cached)) return cached;
  const installed = onPath('versitygw');
  if (installed) return installed;
  const building = `${cache}.${randomBytes(6).toString('hex')}`;
  await mkdir(building, { recursive: true });
  try {
    process.stderr.write(`building versitygw ${version} (about 3 minutes, once)\n`);
    await promisify(execFile)(
      'go',
      ['install', `github.com/versity/versitygw/cmd/versitygw@v${version}`],
      { env: { ...process.env, GOBIN: building } },
    );
    await mkdir(cache, { recursive: true });
    await rename(join(building, 'versitygw'), cached);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return cached;
}

export interface S3Server {
  location: { bucket: string; endpoint: string };
  /** The variables that let every AWS client in. */
  env: Record<string, string>;
  /** The server's own folder: what it stores lies in `<folder>/<bucket>`. */
  folder: string;
  stop: () => Promise<void>;
}

/** Starts a real S3 server on a free port, with random credentials and one empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const binary = await serverBinary();
  const scratch = await scratchFolder();
  const [data, sidecar] = [join(scratch.path, 'data'), join(scratch.path, 'sidecar')];
  await Promise.all([mkdir(data), mkdir(sidecar)]);
  const port = String(await freePort());
  const location = { bucket: 'trainyard', endpoint: `http://127.0.0.1:${port}` };
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: randomBytes(8).toString('hex'),
    AWS_SECRET_ACCESS_KEY: randomBytes(16).toString('hex'),
  };
  const child = spawn(
    binary,
    ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', sidecar, data],
    {
      env: {
        ...process.env,
        ROOT_ACCESS_KEY: env.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: env.AWS_SECRET_ACCESS_KEY,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const stop = async (): Promise<void> => {
    await ended(child);
    await scratch.remove();
  };
  try {
    await createBucket(location, env, child);
  } catch (error) {
    await stop();
    throw new Error(`versitygw did not start: ${complaint}`, { cause: error });
  }
  return { location, env, folder: data, stop };
}

async function createBucket(
  { bucket, endpoint }: S3Server['location'],
  env: Record<string, string>,
  server: ChildProcess,
): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: env.AWS_REGION!,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID!,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY!,
    },
  });
  try {
    for (const deadline = Date.now() + 20_000; ;) {
      try {
        await client.send(new CreateBucketCommand({ Bucket: bucket }));
        return;
      } catch (error) {
        if (Date.now() > deadline || server.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  } finally {
    client.destroy();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
