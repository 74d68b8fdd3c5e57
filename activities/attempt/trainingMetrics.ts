import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { TrainyardError } from '../../src/errors';
import type { StageResult } from '../../workflows/types';

/**
 * How an attempt at a stage ended: with a result that it made or took from the cache, by waiting for
 * somebody who makes the same, because its run was cancelled, because a newer attempt owns the stage,
 * by its worker's orderly stop, or with a failure.
 */
type Outcome = 'made' | 'cached' | 'waited' | 'cancelled' | 'fenced' | 'handed_over' | 'failed';

/** What a worker counts for Prometheus of the trainings that it works on. */
export class TrainingMetrics {
  private readonly running: Gauge<'stage'>;
  private readonly seconds: Histogram<'stage' | 'outcome'>;
  private readonly ended: Counter<'status'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.running = new Gauge({
      name: 'trainyard_stage_attempts_running',
      help: 'Attempts at stages of trainings that run now, those that wait for cores included.',
      labelNames: ['stage'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'trainyard_stage_seconds',
      help: 'Time of one attempt at a stage, or at one of its items, by how it ended.',
      labelNames: ['stage', 'outcome'],
      buckets: [0.1, 0.5, 2, 10, 30, 120, 600, 1800, 7200, 28_800],
      registers,
    });
    this.ended = new Counter({
      name: 'trainyard_runs_ended_total',
      help: 'Trainings that ended, by their status.',
      labelNames: ['status'],
      registers,
    });
  }

  /** Counts an attempt while it works, and measures it. */
  async attempt(stage: string, work: () => Promise<StageResult>): Promise<StageResult> {
    const began = performance.now();
    let outcome: Outcome = 'failed';
    this.running.inc({ stage });
    try {
      const result = await work();
      outcome = outcomeOf(result);
      return result;
    } catch (error) {
      outcome = outcomeOfError(error);
      throw error;
    } finally {
      this.running.dec({ stage });
      this.seconds.observe({ stage, outcome }, (performance.now() - began) / 1000);
    }
  }

  runEnded(status: 'complete' | 'failed' | 'stopped'): void {
    this.ended.inc({ status });
  }
}

function outcomeOf(result: StageResult): Outcome {
  return result.cache === 'hit' ? 'cached' : 'made';
}

function outcomeOfError(error: unknown): Outcome {
  // The SDK gives its reason as the message.
  if (error instanceof CancelledFailure) {
    return error.message === 'WORKER_SHUTDOWN' ? 'handed_over' : 'cancelled';
  }
  if (error instanceof ApplicationFailure) {
    if (error.type === 'cancelled') return 'cancelled';
    if (error.type === 'waiting') return 'waited';
  }
  return error instanceof TrainyardError && error.code === 'fenced' ? 'fenced' : 'failed';
}
