import { addMessage } from '../src/database/messages';
import { appendEvent } from '../src/database/events';
import { appendLogs, type LogSegment } from '../src/database/logs';
import { recordMetrics, type MetricValue } from '../src/database/metrics';
import type { Database, Queryable } from '../src/database/database';
import { storableJson } from '../src/database/storable';
import { TrainyardError } from '../src/errors';
import type { StageProgress, StageWarning } from '../src/allocation/stageContext';
import { wholeStart } from '../src/words';
import type { StageName } from '../workflows/types';

/** One attempt's log in the database ends here; a training that prints more is told so. */
const MAX_LOG_LENGTH = 1_000_000;

export interface Attempt {
  ownerId: string;
  runId: string;
  modelId: string;
  name: StageName;
  /** What the database calls it: the name, or for a shard `<name>-<number>`. */
  stage: string;
  /** Of a stage that is worked on in shards: which one, from 0. */
  shard?: number | undefined;
  fence: number;
}

/** Collects what a running attempt says and writes it in batches, in order. */
export class AttemptJournal {
  private segments: LogSegment[] = [];
  private metrics: MetricValue[] = [];
  private warnings: StageWarning[] = [];
  private latest: StageProgress | undefined;
  private readonly seq = { stdout: 0, stderr: 0 };
  private readonly logged = { stdout: 0, stderr: 0 };

  constructor(
    private readonly database: Database,
    private readonly attempt: Attempt,
  ) {}

  log(stream: 'stdout' | 'stderr', text: string): void {
    const room = MAX_LOG_LENGTH - this.logged[stream];
    if (room <= 0) return;
    this.logged[stream] += text.length;
    const kept =
      text.length <= room ? text : `${wholeStart(text, room)}\n[the log ends here: it is full]\n`;
    const { stage, fence } = this.attempt;
    this.segments.push({ stage, fence, stream, seq: this.seq[stream]++, text: kept });
  }

  metric(name: string, step: number, value: number): void {
    if (Number.isFinite(value)) this.metrics.push({ name, step, value });
  }

  warning(warning: StageWarning): void {
    this.warnings.push(warning);
  }

  progress(progress: StageProgress): void {
    this.latest = progress;
  }

  /** One line for people about where the work stands; undefined before the first progress. */
  get line(): string | undefined {
    if (!this.latest) return undefined;
    const { done, total, unit, detail } = this.latest;
    const amount = total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
    return detail === undefined ? amount : `${amount}, ${detail}`;
  }

  /**
   * Writes what has come since the last call. What cannot be written, as the database is away, is
   * kept for the next one; writing it twice does no harm.
   */
  async flush(): Promise<void> {
    const batch = this.take();
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

  private take(): Batch | undefined {
    const { segments, metrics, warnings, latest } = this;
    this.segments = [];
    this.metrics = [];
    this.warnings = [];
    this.latest = undefined;
    if (segments.length + metrics.length + warnings.length === 0 && !latest) return undefined;
    return { segments, metrics, warnings, latest };
  }

  private async write(tx: Queryable, { segments, metrics, warnings, latest }: Batch) {
    const { runId, modelId, name, stage, shard, fence } = this.attempt;
    await appendLogs(tx, runId, segments);
    await recordMetrics(tx, runId, metrics);
    for (const { code, message } of warnings) {
      const text = new TrainyardError('data', code, message).text;
      await addMessage(tx, modelId, 'train', 'warning', text, `${runId}/${stage}`);
    }
    if (!latest) return;
    const progress = { stage: name, ...(shard === undefined ? {} : { shard }), ...latest };
    await tx.query('UPDATE run SET progress = $2 WHERE id = $1', [runId, storableJson(progress)]);
    await appendEvent(tx, modelId, 'progress', progress, `${stage}#${fence}`);
  }
}

/** What one flush writes. */
interface Batch {
  segments: LogSegment[];
  metrics: MetricValue[];
  warnings: StageWarning[];
  latest: StageProgress | undefined;
}
