import { addMessage } from '../../src/database/models/messages';
import { replaceProgressEvent } from '../../src/database/models/events';
import { appendLogs, type LogSegment } from '../../src/database/runs/logs';
import { recordMetrics, type MetricValue } from '../../src/database/runs/metrics';
import { lockModelOwner } from '../../src/database/models/models';
import type { Database, Queryable } from '../../src/database/database';
import { storableJson } from '../../src/database/storable';
import { TrainyardError } from '../../src/errors';
import { progressLine } from '../../src/stage/progressLine';
import type { StageProgress, StageWarning } from '../../src/stage/stageContext';
import { wholeStart } from '../../src/support/words';
import type { Attempt } from './attempt';

/** One attempt's log in the database ends here; a training that prints more is told so. */
const maxLogLength = 1_000_000;

/** People watch progress; each writes a row that nobody needs once there is a newer one. */
const progressIntervalMs = 3000;

/** Collects what a running attempt says and writes it in batches, in order. */
export class AttemptRecorder {
  private segments: LogSegment[] = [];
  private metrics: MetricValue[] = [];
  private warnings: StageWarning[] = [];
  private latest: StageProgress | undefined;
  private written: StageProgress | undefined;
  private waitsFor: string | undefined;
  private progressWrittenAt = -Infinity;
  private readonly seq = { stdout: 0, stderr: 0 };
  private readonly logged = { stdout: 0, stderr: 0 };

  constructor(
    private readonly database: Database,
    private readonly attempt: Attempt,
  ) {}

  log(stream: 'stdout' | 'stderr', text: string): void {
    const room = maxLogLength - this.logged[stream];
    if (room <= 0) return;
    this.logged[stream] += text.length;
    const kept =
      text.length <= room ? text : `${wholeStart(text, room)}\n[the log ends here: it is full]\n`;
    const { stage, number } = this.attempt;
    this.segments.push({ stage, attempt: number, stream, seq: this.seq[stream]++, text: kept });
  }

  metric(name: string, step: number, value: number): void {
    if (Number.isFinite(value)) this.metrics.push({ name, step, value });
  }

  warning(warning: StageWarning): void {
    this.warnings.push(warning);
  }

  progress(progress: StageProgress): void {
    this.latest = progress;
    this.waitsFor = undefined;
  }

  /** Something that the attempt depends on is away: the log says so once, and progress until it goes on. */
  waiting(what: string): void {
    if (this.waitsFor !== what) this.log('stderr', `waiting for ${what}, which is away\n`);
    this.waitsFor = what;
    this.latest ??= this.written ?? { done: 0, unit: 'steps' };
  }

  /** One line for people about where the work stands; undefined before the first progress. */
  get line(): string | undefined {
    if (this.waitsFor !== undefined) return `waits for ${this.waitsFor}`;
    const latest = this.latest ?? this.written;
    return latest && progressLine(latest);
  }

  /**
   * Writes what has come since the last call; progress only every few seconds. What cannot be written,
   * as the database is away, is kept for the next call; writing it twice does no harm.
   * @param last also writes progress that is waiting for its turn
   */
  async flush(last = false): Promise<void> {
    const batch = this.take(last);
    if (!batch) return;
    try {
      await this.database.transaction((tx) => this.write(tx, batch));
    } catch (error) {
      this.segments.unshift(...batch.segments);
      this.metrics.unshift(...batch.metrics);
      this.warnings.unshift(...batch.warnings);
      this.latest ??= batch.latest;
      throw error;
    }
  }

  private take(last: boolean): Batch | undefined {
    const { segments, metrics, warnings } = this;
    const now = performance.now();
    const due = last || now - this.progressWrittenAt >= progressIntervalMs;
    const latest = due ? this.latest : undefined;
    if (segments.length + metrics.length + warnings.length === 0 && !latest) return undefined;
    this.segments = [];
    this.metrics = [];
    this.warnings = [];
    if (latest) {
      this.latest = undefined;
      this.written = latest;
      this.progressWrittenAt = now;
    }
    return { segments, metrics, warnings, latest };
  }

  private async write(tx: Queryable, { segments, metrics, warnings, latest }: Batch) {
    const { runId, modelId, name, stage, item, fence } = this.attempt;
    await lockModelOwner(tx, modelId);
    await appendLogs(tx, runId, segments);
    await recordMetrics(tx, runId, metrics);
    for (const { code, message } of warnings) {
      const text = new TrainyardError('data', code, message).text;
      await addMessage(tx, modelId, 'train', 'warning', text, `${runId}/${stage}`);
    }
    if (!latest) return;
    const progress = {
      stage: name,
      ...(item === undefined ? {} : { shard: item }),
      ...latest,
      ...(this.waitsFor === undefined ? {} : { waiting_for: this.waitsFor }),
    };
    await tx.query('UPDATE run SET progress = $2 WHERE id = $1', [runId, storableJson(progress)]);
    await replaceProgressEvent(tx, modelId, stage, progress, `${stage}#${fence}`);
  }
}

/** What one flush writes. */
interface Batch {
  segments: LogSegment[];
  metrics: MetricValue[];
  warnings: StageWarning[];
  latest: StageProgress | undefined;
}
