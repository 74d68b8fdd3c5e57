import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers200 } from '../../src/local-stack/supervision/answering';
import { freePort } from '../../src/local-stack/ports';
import { ApiClient } from './apiClient';
import { until } from './poll';
import { goFirst, killTree } from './processes';
import { createDatabase, program, runProgram, scratchFolder, sharedServers } from './shared';

export type Part = 'api' | 'serving' | 'worker';

export interface PartsOptions {
  /** @default all three */
  parts?: Part[];
  /** Variables beyond those that the harness sets, or in their place. */
  env?: Record<string, string>;
  /** Another compiled program than the built product's. */
  program?: string;
  /** Another machine of the same platform: shares its database, namespace, secret and objects. */
  beside?: Parts;
}

/** The administrator of every platform that the harness starts. */
export const administrator = {
  username: 'admin',
  email: 'admin@example.org',
  password: 'correct horse battery',
};

const words: Record<Part, string[]> = {
  api: ['api'],
  serving: ['serve'],
  worker: ['worker'],
};

/** API, serving and worker as real processes on the shared servers, with a database of their own. */
export class Parts {
  private readonly running = new Map<Part, ChildProcess>();

  private constructor(
    readonly home: string,
    readonly env: Record<string, string>,
    private readonly ports: Record<Part, number>,
    private readonly program: string,
  ) {}

  /** Starts them and waits until they are ready. Call `stop` in `afterAll`. */
  static async start(options: PartsOptions = {}): Promise<Parts> {
    const { parts = ['api', 'serving', 'worker'], beside, program: compiled = program } = options;
    const home = scratchFolder('home');
    const ports = { api: await freePort(), serving: await freePort(), worker: await freePort() };
    const common = beside?.sharedEnvironment() ?? (await newPlatform(home));
    const started = new Parts(
      home,
      { ...common, ...own(home, ports), ...options.env },
      ports,
      compiled,
    );
    if (beside === undefined) {
      await started.command('migrate');
      await started.command('setup');
    }
    await Promise.all(parts.map((part) => started.startPart(part)));
    return started;
  }

  url(part: Part): string {
    return `http://127.0.0.1:${this.ports[part]}`;
  }

  /** A client that is logged in as the administrator. */
  async client(): Promise<ApiClient> {
    const client = new ApiClient(this.url('api'));
    await client.login(administrator.email, administrator.password);
    return client;
  }

  pid(part: Part): number {
    const child = this.running.get(part);
    if (child?.pid === undefined) throw new Error(`${part} does not run`);
    return child.pid;
  }

  async startPart(part: Part, env: Record<string, string> = {}): Promise<void> {
    const log = openSync(join(this.home, `${part}.log`), 'a');
    const child = spawn(process.execPath, [this.program, ...words[part]], {
      env: { ...process.env, ...this.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    goFirst(child.pid!);
    this.running.set(part, child);
    await until(
      `${part} is ready`,
      async () => {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`${part} ended:\n${this.log(part).slice(-3000)}`);
        }
        // An API that runs alone is never ready: it has no serving to hand predictions to.
        const path = part === 'api' ? 'health' : 'ready';
        return answers200(`${this.url(part)}/${path}`).catch(() => false);
      },
      60_000,
    );
  }

  /** `SIGKILL` to the process alone, as in a crash; what it started is its own affair. */
  async kill(part: Part): Promise<void> {
    const child = this.running.get(part)!;
    child.kill('SIGKILL');
    await exited(child);
  }

  /** Asks a part to end in order; its exit code. */
  async stopPart(part: Part, patienceMs = 60_000): Promise<number | null> {
    const child = this.running.get(part)!;
    child.kill('SIGTERM');
    await until(
      `${part} has ended`,
      () => child.exitCode !== null || child.signalCode !== null,
      patienceMs,
    );
    return child.exitCode;
  }

  /** Kills what still runs. */
  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((child) => killTree(child.pid!)));
  }

  /** Everything that a part has printed. */
  log(part: Part): string {
    return readFileSync(join(this.home, `${part}.log`), 'utf8');
  }

  /** Runs another command of the program, such as `verify <model>`; what it printed. */
  command(...args: string[]): Promise<string> {
    return runProgram(args, { ...process.env, ...this.env }, this.program);
  }

  private sharedEnvironment(): Record<string, string> {
    const names = [
      'DATABASE_URL',
      'TEMPORAL_',
      'ARTIFACT_URL',
      'AWS_',
      'TRAINYARD_SECRET',
      'TRAINYARD_ADMIN_',
    ];
    return Object.fromEntries(
      Object.entries(this.env).filter(([key]) => names.some((name) => key.startsWith(name))),
    );
  }
}

async function newPlatform(home: string): Promise<Record<string, string>> {
  const artifacts = join(home, 'artifacts');
  mkdirSync(artifacts);
  return {
    DATABASE_URL: await createDatabase(),
    TEMPORAL_ADDRESS: sharedServers().temporalAddress,
    TEMPORAL_NAMESPACE: `test-${randomBytes(6).toString('hex')}`,
    ARTIFACT_URL: `file://${artifacts}`,
    TRAINYARD_SECRET: randomBytes(32).toString('hex'),
    TRAINYARD_ADMIN_USERNAME: administrator.username,
    TRAINYARD_ADMIN_EMAIL: administrator.email,
    TRAINYARD_ADMIN_PASSWORD: administrator.password,
  };
}

function own(home: string, ports: Record<Part, number>): Record<string, string> {
  return {
    TRAINYARD_HOME: home,
    TRAINYARD_PORT: String(ports.api),
    TRAINYARD_SERVING_PORT: String(ports.serving),
    TRAINYARD_SERVING_URL: `http://127.0.0.1:${ports.serving}`,
    TRAINYARD_WORKER_PORT: String(ports.worker),
    TRAINYARD_HEARTBEAT_SECONDS: '5',
    TRAINYARD_STICKY_SECONDS: '1',
  };
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((done) => child.once('exit', () => done()));
}
