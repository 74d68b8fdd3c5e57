import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { TrainyardError } from '../errors';
import { allocationCommand } from './command';
import { confine, confinementOf } from './confinement';
import { killGroup, residentMb } from './processGroup';
import type { AllocationJob, FromChild, ToChild } from './protocol';
import { IdleTimer } from './idleTimer';
import type { StageFailure, StageProgress, StageWarning } from '../stage/stageContext';

/** What the owner of an allocation hears from it. */
export interface AllocationListener {
  progress(progress: StageProgress): void;
  metric(name: string, step: number, value: number): void;
  warning(warning: StageWarning): void;
  /** Makes the file durable. False: a newer attempt owns the stage. */
  checkpoint(step: number, path: string): Promise<boolean>;
  log(stream: 'stdout' | 'stderr', text: string): void;
}

export interface AllocationOptions {
  job: AllocationJob;
  listener: AllocationListener;
  /** Asks the child to stop, and kills its whole process group when it does not within two seconds. */
  signal: AbortSignal;
  /** Asks the child for a checkpoint when it aborts, as the worker is about to stop. */
  stopping?: AbortSignal | undefined;
  /** Variables the child sees beside PATH and the time zone. */
  env?: Record<string, string>;
  /** Without any message for so long, the child hangs and is killed; while we store a checkpoint it waits. */
  hangMs: number;
}

/** What runs in the child: it knows the kinds of model, of which nothing is known here. */
const stageProcess = join(__dirname, '..', 'training', 'stageProcess.js');

/** ONNX Runtime reports to its makers, and without a home folder leaves files where it runs: among the outputs. */
const noTelemetry = { ORT_DISABLE_TELEMETRY: '1' };

const watchIntervalMs = 250;

/** Ten times as long as a stage may work without looking whether it should stop. */
const stopGraceMs = 2000;

/**
 * Runs one heavy stage in a child process in its own session. Resolves when the stage is done.
 * @throws TrainyardError the stage's own failure, `out_of_memory`, `hang` or `allocation_died`;
 * the signal's reason when it was killed through the signal.
 */
export async function runAllocation(options: AllocationOptions): Promise<void> {
  const { job, listener, signal } = options;
  signal.throwIfAborted();
  const child = launch(options);
  const watch = watchChild(child, options.hangMs);
  const kill = () => killGroup(child.pid);
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    tell(child, { type: 'abort' });
    grace = setTimeout(kill, stopGraceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const save = () => tell(child, { type: 'save' });
  options.stopping?.addEventListener('abort', save, { once: true });
  let outcome: 'done' | StageFailure | undefined;

  child.on('message', (message: FromChild) => {
    watch.silence.end();
    if (message.type === 'progress') listener.progress(message.progress);
    if (message.type === 'metric') listener.metric(message.name, message.step, message.value);
    if (message.type === 'warning') listener.warning(message.warning);
    if (message.type === 'done') outcome = 'done';
    if (message.type === 'failed') outcome = message.failure;
    if (message.type === 'checkpoint') {
      watch.silence.during(listener.checkpoint(message.step, message.path)).then(
        (saved) => {
          tell(child, {
            type: saved ? 'checkpoint_saved' : 'checkpoint_refused',
            step: message.step,
          });
        },
        // The database or the store is away: this attempt ends, the next goes on from the last one.
        kill,
      );
    }
  });
  child.stdout!.setEncoding('utf8').on('data', (text: string) => listener.log('stdout', text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => listener.log('stderr', text));
  tell(child, { type: 'start', job });

  const exit = await exitOf(child);
  watch.stop();
  signal.removeEventListener('abort', stop);
  options.stopping?.removeEventListener('abort', save);
  clearTimeout(grace);
  // Grandchildren, if any, share the group.
  killGroup(child.pid);
  if (outcome === 'done') return;
  signal.throwIfAborted();
  if (outcome) throw new TrainyardError(outcome.kind, outcome.code, outcome.message);
  throw exitError(job, exit, watch);
}

function launch({ job, env }: AllocationOptions): ChildProcess {
  const { inputs, outputs, checkpoints } = job;
  const line = allocationCommand(stageProcess, job.memoryMb, job.cores);
  const root = join(dirname(outputs), 'root');
  const folders = { root, inputs, work: outputs, writable: [outputs, checkpoints] };
  const { command, args } = confine(line, folders, confinementOf(job));
  return spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: outputs,
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC', LANG: 'C.UTF-8', ...noTelemetry, ...env },
  });
}

function tell(child: ChildProcess, message: ToChild): void {
  // A child that has just died cannot be told; its exit says the rest.
  if (child.connected) child.send(message, () => undefined);
}

interface Watch {
  silence: IdleTimer;
  stop(): void;
  peakMb: number;
  hung: boolean;
}

/** Follows the child's memory, so that an error can give the figure, and kills it when it hangs. */
function watchChild(child: ChildProcess, hangMs: number): Watch {
  const timer = setInterval(() => {
    watch.peakMb = Math.max(watch.peakMb, residentMb(child.pid));
    if (watch.silence.length > hangMs) {
      watch.hung = true;
      killGroup(child.pid);
    }
  }, watchIntervalMs);
  const watch: Watch = {
    silence: new IdleTimer(),
    stop: () => clearInterval(timer),
    peakMb: 0,
    hung: false,
  };
  return watch;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderrTail: string;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  let stderrTail = '';
  child.stderr!.on('data', (text: string) => (stderrTail = (stderrTail + text).slice(-4000)));
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ code: null, signal: null, stderrTail: error.message }),
    );
    child.once('close', (code, signal) => resolve({ code, signal, stderrTail }));
  });
}

function exitError(job: AllocationJob, exit: Exit, watch: Watch): TrainyardError {
  if (watch.hung) {
    return new TrainyardError(
      'infrastructure',
      'hang',
      `the ${job.stage} stage made no progress and was killed`,
    );
  }
  const outOfMemory = /heap out of memory|allocation failed|std::bad_alloc|Cannot allocate memory/i;
  if (outOfMemory.test(exit.stderrTail) || watch.peakMb > job.memoryMb) {
    return new TrainyardError(
      'limit',
      'out_of_memory',
      `the ${job.stage} stage reached ${watch.peakMb} MB of memory, allowed are ${job.memoryMb} MB: ` +
        'give a larger job_options.allocation_memory, or fewer rows',
    );
  }
  const how = exit.signal === null ? `exit code ${String(exit.code)}` : `signal ${exit.signal}`;
  return new TrainyardError(
    'infrastructure',
    'allocation_died',
    `the process of the ${job.stage} stage ended with ${how}`,
  );
}
