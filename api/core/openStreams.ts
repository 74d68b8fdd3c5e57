import { LimitReached } from '../../src/errors';

/** Counts the event streams that each user has open at this process. */
export class OpenStreams {
  private readonly open = new Map<string, number>();

  /** @param most streams of one user at once */
  constructor(private readonly most: number) {}

  /**
   * @returns what to call, once, when the stream has ended
   * @throws LimitReached 429 when the user has as many as may be
   */
  begin(userId: string): () => void {
    const others = this.open.get(userId) ?? 0;
    if (others >= this.most) throw tooMany(this.most);
    this.open.set(userId, others + 1);
    return () => {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left > 0) this.open.set(userId, left);
      else this.open.delete(userId);
    };
  }
}

function tooMany(most: number): LimitReached {
  const message = `you have ${most} event streams open, which is the most: close one, or ask GET /api/v2/train/{model_id}/status from time to time`;
  return new LimitReached('too_many_event_streams', message, 5);
}
