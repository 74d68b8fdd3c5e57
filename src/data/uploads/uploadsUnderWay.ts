import { LimitReached } from '../../errors';
import { counted } from '../../support/words';

const retryAfterSeconds = 5;

/** Counts the uploads that come in at once, by user. One process has one. */
export class UploadsUnderWay {
  private readonly counts = new Map<string, number>();

  /** @throws LimitReached 429 `too_many_uploads` when the user has as many under way already */
  async during<Result>(userId: string, most: number, work: () => Promise<Result>): Promise<Result> {
    const before = this.counts.get(userId) ?? 0;
    if (before >= most) throw tooMany(most);
    this.counts.set(userId, before + 1);
    try {
      return await work();
    } finally {
      const left = this.counts.get(userId)! - 1;
      if (left > 0) this.counts.set(userId, left);
      else this.counts.delete(userId);
    }
  }
}

function tooMany(most: number): LimitReached {
  return new LimitReached(
    'too_many_uploads',
    `you may have ${counted(most, 'upload', 'uploads')} under way at once (TRAINYARD_USER_UPLOADS): wait until one has ended`,
    retryAfterSeconds,
  );
}
