import { z } from 'zod';

interface Count {
  queries: number;
  bytes: number;
}

const counts = z.object({
  tokens_identified: z.int().meta({ description: 'Always 0 for a text classifier.' }),
  queries_ingested: z.int(),
  queries_ingested_bytes: z.int(),
});

/** The `data` of `GET …/stats`. */
export const usageReply = z.object({
  past_hour: counts,
  total: counts,
  uptime: z.int().meta({ description: 'Seconds.' }),
});

const minuteMs = 60_000;
const minutesKept = 60;

/** What a deployed model was asked since this process began to serve it. */
export class Usage {
  private readonly since: number;
  private readonly total: Count = { queries: 0, bytes: 0 };
  /** Minute → counts; only the last hour's. */
  private readonly minutes = new Map<number, Count>();

  constructor(private readonly now: () => number = Date.now) {
    this.since = now();
  }

  add(queries: number, bytes: number): void {
    const minute = Math.floor(this.now() / minuteMs);
    let count = this.minutes.get(minute);
    if (!count) {
      count = { queries: 0, bytes: 0 };
      this.minutes.set(minute, count);
      for (const old of this.minutes.keys()) {
        if (old <= minute - minutesKept) this.minutes.delete(old);
      }
    }
    for (const counter of [count, this.total]) {
      counter.queries += queries;
      counter.bytes += bytes;
    }
  }

  /** The body of `GET …/stats`; a text model tags no tokens, so that count stays 0. */
  present(): z.input<typeof usageReply> {
    const oldest = Math.floor(this.now() / minuteMs) - minutesKept;
    const hour: Count = { queries: 0, bytes: 0 };
    for (const [minute, { queries, bytes }] of this.minutes) {
      if (minute <= oldest) continue;
      hour.queries += queries;
      hour.bytes += bytes;
    }
    return {
      past_hour: presentCount(hour),
      total: presentCount(this.total),
      uptime: Math.floor((this.now() - this.since) / 1000),
    };
  }
}

function presentCount({ queries, bytes }: Count): z.input<typeof counts> {
  return { tokens_identified: 0, queries_ingested: queries, queries_ingested_bytes: bytes };
}
