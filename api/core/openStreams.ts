import { LimitReached } from '../../src/errors';

/** Each stream may be opened anew once within so long; opening costs more than keeping. */
const reopenSeconds = 10;

/** Counts the event streams that each user has open at this process, and those opened lately. */
export class OpenStreams {
  private readonly open = new Map<string, number>();
  private readonly opened = new Map<string, number>();

  /** @param most streams of one user at once */
  constructor(private readonly most: number) {}

  /**
   * @returns what to call, once, when the stream has ended
   * @throws LimitReached 429 when the user has as many as may be
   */
  begin(userId: string): () => void {
    const others = this.open.get(userId) ?? 0;
    if (others >= this.most) throw tooMany(this.most);
    const lately = this.opened.get(userId) ?? 0;
    if (lately >= 2 * this.most) throw tooOften(this.most);
    if (lately === 0) setTimeout(() => this.opened.delete(userId), reopenSeconds * 1000).unref();
    this.opened.set(userId, lately + 1);
    this.open.set(userId, others + 1);
    return () => {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left > 0) this.open.set(userId, left);
      else this.open.delete(userId);
    };
  }
}

function tooOften(most: number): LimitReached {
  const message = `you have opened more than ${2 * most} event streams within ${reopenSeconds} seconds: keep them open, they go on by themselves`;
  return new LimitReached('too_many_event_streams', message, reopenSeconds);
}

function tooMany(most: number): LimitReached {
  const message = `you have ${most} event streams open, which is the most: close one, or ask GET /api/v2/train/{model_id}/status from time to time`;
  return new LimitReached('too_many_event_streams', message, 5);
}
