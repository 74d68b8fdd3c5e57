import { accessMarks, type Reading } from '../../src/database/accounts/accessMarks';
import type { Database } from '../../src/database/database';
import { TrainyardError } from '../../src/errors';
import type { Logger } from '../../src/observability';

/** One stream's right to read on. */
export interface Reader extends Reading {
  /** When the token ends by itself. */
  expiresAt: Date | null;
  /** @throws TrainyardError why the reader may not go on reading */
  checkAccess: () => Promise<void>;
  /** Called once, with why. */
  onRefused: (reason: string) => void;
}

interface Watched extends Reader {
  mark?: string;
  checkedAt: number;
}

export interface ReaderAccessOptions {
  database: Database;
  logger: Pick<Logger, 'warn'>;
  /** @default 3 s, as for deployed models */
  everyMs?: number;
}

/** Also checked without a change that we know of. */
const checkMs = 60_000;

/**
 * Ends streams whose reader may not read on. Every few seconds one statement looks for all streams of the
 * process whether something has changed that their access depends on; only then they are checked.
 */
export class ReaderAccess {
  private readonly readers = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly options: ReaderAccessOptions) {}

  /** @returns what ends the watch */
  watch(reader: Reader): () => void {
    const watched = { ...reader, checkedAt: Date.now() };
    this.readers.add(watched);
    this.timer ??= setInterval(() => void this.look(), this.options.everyMs ?? 3000);
    return () => this.readers.delete(watched);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** While the database is away nobody is refused: streams go on when it is back, checked first. */
  private async look(): Promise<void> {
    if (this.looking || this.readers.size === 0) return;
    this.looking = true;
    try {
      await this.checkChanged();
    } catch (error) {
      this.options.logger.warn({ error }, 'the access of event streams could not be checked');
    } finally {
      this.looking = false;
    }
  }

  private async checkChanged(): Promise<void> {
    const readers = [...this.readers];
    const marks = await accessMarks(this.options.database.manager, readers);
    const now = Date.now();
    for (const [index, reader] of readers.entries()) {
      // Taken before the check: what changes while it runs makes another one.
      const mark = marks[index]!;
      const isOver = reader.expiresAt !== null && reader.expiresAt.getTime() <= now;
      if (mark === reader.mark && !isOver && now - reader.checkedAt < checkMs) continue;
      await this.check(reader);
      reader.mark = mark;
      reader.checkedAt = now;
    }
  }

  private async check(reader: Watched): Promise<void> {
    try {
      await reader.checkAccess();
    } catch (error) {
      if (!(error instanceof TrainyardError)) throw error;
      this.readers.delete(reader);
      reader.onRefused(error.message);
    }
  }
}
