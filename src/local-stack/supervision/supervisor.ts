import { join } from 'node:path';
import { signingSecret, type Config } from '../../config';
import { TrainyardError } from '../../errors';
import { installationId } from '../../observability';
import { serverAccount } from '../account';
import type { ChildSpec } from './child';
import { childEnvironment, reachable } from './childEnvironment';
import { closeHome } from '../home';
import { choosePorts, type PortName, type Ports } from '../keptPorts';
import { isTaken, tryLock, type Lock } from '../lock';
import { LogRotation } from './logRotation';
import { sweepOrphans } from './orphans';
import { embeddedPostgres } from '../postgres/postgres';
import { markOf } from './processes';
import { processSpecs } from './processSpecs';
import type { Progress } from '../progress';
import { run } from '../run';
import { StackFile, type StackRecord } from '../stackFile';
import { SupervisedChild } from './supervisedChild';
import { localTemporal } from '../temporal/temporal';
import { temporalBinary } from '../temporal/temporalBinary';

export interface SupervisorOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** The compiled `cli/main.js`, whose commands are the children. */
  program: string;
  progress: Progress;
}

/** Brings the platform up on this machine and keeps it up until it is stopped. */
export class Supervisor {
  private readonly children: SupervisedChild[] = [];
  private record?: StackRecord;
  private lock?: Lock;
  private readonly rotation: LogRotation;
  private readonly file: StackFile;
  private stopping?: Promise<void>;

  constructor(private readonly options: SupervisorOptions) {
    this.rotation = new LogRotation(options.progress);
    this.file = new StackFile(options.config.home, options.progress);
  }

  /** Starts every part in order; resolves when all of them answer. */
  async start(): Promise<StackRecord> {
    const { config, progress } = this.options;
    this.lock = takeHome(config);
    try {
      await sweepOrphans(config.home, progress);
      await this.startParts();
      this.note('ready');
      return this.record!;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends the parts in order: those that use others first. Safe to call at any time and again. */
  stop(): Promise<void> {
    this.stopping ??= this.stopParts();
    return this.stopping;
  }

  /** Ends everything at once, without waiting for work to be put away. */
  kill(): void {
    for (const child of this.children) child.kill();
  }

  private async startParts(): Promise<void> {
    const { config, env, program, progress } = this.options;
    const { home } = config;
    const ports = await choosePorts({
      home,
      hosts: hostsOf(config),
      wanted: wantedPorts(config, env),
      progress,
    });
    const postgres =
      config.database.url === undefined
        ? embeddedPostgres({ home, port: ports.postgres, progress })
        : undefined;
    const temporal =
      config.temporal.connection === undefined ? await this.temporalSpec(ports) : undefined;
    const databaseUrl = config.database.url ?? postgres!.url;
    const temporalAddress = temporal === undefined ? undefined : `127.0.0.1:${ports.temporal}`;
    this.record = recordOf(config, ports, databaseUrl, temporalAddress);
    const childEnv = childEnvironment({
      env,
      config,
      ports,
      databaseUrl,
      ...(temporalAddress === undefined ? {} : { temporalAddress }),
    });

    progress('starting PostgreSQL and Temporal');
    await Promise.all([
      postgres && this.startChild('postgres', postgres.spec),
      temporal && this.startChild('temporal', temporal),
    ]);
    signingSecret(config);
    progress('preparing the database and Temporal');
    await Promise.all(['migrate', 'setup'].map((word) => runOnce(program, word, childEnv)));
    progress('starting the API, serving and the worker');
    const specs = processSpecs({
      home,
      program,
      env: childEnv,
      urls: urlsOf(config, ports),
      installation: installationId(home),
    });
    await Promise.all(Object.entries(specs).map(([name, spec]) => this.startChild(name, spec)));
  }

  private async temporalSpec(ports: Ports): Promise<ChildSpec> {
    const { config, progress } = this.options;
    const binary = await temporalBinary(progress);
    return localTemporal({
      home: config.home,
      binary,
      port: ports.temporal,
      uiPort: config.localTemporal.ui ? ports.temporalUi : undefined,
      namespace: config.temporal.namespace,
    });
  }

  private async startChild(name: string, spec: ChildSpec): Promise<void> {
    if (this.stopping) throw stopped();
    const child = new SupervisedChild({
      name,
      spec,
      progress: this.options.progress,
      onChange: () => this.note(),
      silenceMs: this.options.config.supervisor.silenceMs,
    });
    this.children.push(child);
    this.rotation.add(spec.logFile);
    await child.start();
    if (this.stopping) throw stopped();
  }

  private async stopParts(): Promise<void> {
    this.note('stopping');
    const named = (...names: string[]) =>
      this.children.filter((child) => names.includes(child.name));
    for (const group of [named('api', 'serving', 'worker'), named('temporal'), named('postgres')]) {
      await Promise.all(group.map((child) => child.stop()));
    }
    this.rotation.stop();
    if (this.lock === undefined) return;
    if (this.record !== undefined) this.file.remove();
    this.lock.release();
  }

  /** Keeps `stack.json` true. */
  private note(state?: StackRecord['state']): void {
    if (this.record === undefined) return;
    if (state !== undefined) this.record.state = state;
    this.record.children = Object.fromEntries(
      this.children.map((child) => [
        child.name,
        child.running === undefined ? undefined : { ...child.running, restarts: child.restarts },
      ]),
    );
    this.file.write(this.record);
  }
}

/** @throws TrainyardError `already_running` when another supervisor has this home. */
function takeHome({ home, database }: Config): Lock {
  closeHome(home, database.url === undefined && serverAccount() !== undefined);
  const answer = tryLock(join(home, 'lock.json'));
  if (isTaken(answer)) return answer;
  throw new TrainyardError(
    'config',
    'already_running',
    `Trainyard already runs on ${home}: process ${answer.pid}, since ${answer.since}; ` +
      'stop it first (Ctrl-C, or kill its process), or set TRAINYARD_HOME to another folder',
    500,
  );
}

function wantedPorts(
  config: Config,
  env: NodeJS.ProcessEnv,
): { api?: number; serving?: number; worker?: number } {
  return {
    ...(env['TRAINYARD_PORT'] ? { api: config.api.port } : {}),
    ...(env['TRAINYARD_SERVING_PORT'] ? { serving: config.serving.port } : {}),
    ...(config.worker.port === undefined ? {} : { worker: config.worker.port }),
  };
}

/** Our own parts listen where they are told, the servers below them on this machine only. */
function hostsOf({ api, serving, worker }: Config): Record<PortName, string> {
  const loopback = '127.0.0.1';
  return {
    api: api.host,
    serving: serving.host,
    worker: worker.host,
    postgres: loopback,
    temporal: loopback,
    temporalUi: loopback,
  };
}

/** Where this machine reaches our parts. */
function urlsOf(config: Config, ports: Ports): Record<'api' | 'serving' | 'worker', string> {
  const at = (name: 'api' | 'serving' | 'worker'): string =>
    `http://${reachable(config[name].host)}:${ports[name]}`;
  return { api: at('api'), serving: at('serving'), worker: at('worker') };
}

function recordOf(
  config: Config,
  ports: Ports,
  databaseUrl: string,
  temporalAddress: string | undefined,
): StackRecord {
  const urls = urlsOf(config, ports);
  const ui = temporalAddress !== undefined && config.localTemporal.ui;
  return {
    supervisor: markOf(process.pid)!,
    state: 'starting',
    urls: {
      ...urls,
      docs: `${urls.api}/docs`,
      ...(ui ? { temporalUi: `http://127.0.0.1:${ports.temporalUi}` } : {}),
    },
    databaseUrl,
    ...(temporalAddress === undefined ? {} : { temporalAddress }),
    children: {},
  };
}

/** Runs a command of ours to its end. */
async function runOnce(program: string, word: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await run(process.execPath, [program, word], {
    env,
    patienceMs: 600_000,
  });
  if (code === 0) return;
  throw new TrainyardError(
    'infrastructure',
    `${word}_failed`,
    `trainyard ${word} failed: ${output.trim()}`,
    500,
  );
}

function stopped(): TrainyardError {
  return new TrainyardError('infrastructure', 'stopped', 'stopped before everything was up', 500);
}
