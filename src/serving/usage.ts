import { z } from 'zod';

/** What was asked, and what was found in it. */
export interface Count {
  queries: number;
  bytes: number;
  tokensIdentified: number;
}

const none: Readonly<Count> = { queries: 0, bytes: 0, tokensIdentified: 0 };

const counts = z.object({
  tokens_identified: z.int().meta({ description: '0 for models that tag no tokens.' }),
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
  private readonly total: Count = { ...none };
  /** Minute → counts; only the last hour's. */
  private readonly minutes = new Map<number, Count>();

  constructor(private readonly now: () => number = Date.now) {
    this.since = now();
  }

  add(more: Count): void {
    const minute = Math.floor(this.now() / minuteMs);
    let count = this.minutes.get(minute);
    if (!count) {
      count = { ...none };
      this.minutes.set(minute, count);
      for (const old of this.minutes.keys()) {
        if (old <= minute - minutesKept) this.minutes.delete(old);
      }
    }
    addTo(count, more);
    addTo(this.total, more);
  }

  /** The body of `GET …/stats`. */
  present(): z.input<typeof usageReply> {
    const oldest = Math.floor(this.now() / minuteMs) - minutesKept;
    const hour: Count = { ...none };
    for (const [minute, count] of this.minutes) if (minute > oldest) addTo(hour, count);
    return {
      past_hour: presentCount(hour),
      total: presentCount(this.total),
      uptime: Math.floor((this.now() - this.since) / 1000),
    };
  }
}

function addTo(sum: Count, { queries, bytes, tokensIdentified }: Count): void {
  sum.queries += queries;
  sum.bytes += bytes;
  sum.tokensIdentified += tokensIdentified;
}

function presentCount({ queries, bytes, tokensIdentified }: Count): z.input<typeof counts> {
  return {
    tokens_identified: tokensIdentified,
    queries_ingested: queries,
    queries_ingested_bytes: bytes,
  };
}
