import type { Queryable } from '../../database/database';
import { storedBytesOf } from '../../database/uploads/uploads';
import { lockUser } from '../../database/accounts/users';
import { LimitReached } from '../../errors';
import { byteCount } from '../../support/words';

/** It does not pass by itself in a moment: something must be deleted, or expire. */
const retryAfterSeconds = 3600;

/** What one user may keep in uploads, while another upload of theirs comes in. */
export class StoredBytesQuota {
  private constructor(
    private readonly userId: string,
    private stored: number,
    private readonly most: number,
  ) {}

  /** @throws LimitReached 507 `upload_quota` when nothing more fits */
  static async of(db: Queryable, userId: string, most: number): Promise<StoredBytesQuota> {
    const quota = new StoredBytesQuota(userId, await storedBytesOf(db, userId), most);
    if (quota.stored >= most) throw quota.reached();
    return quota;
  }

  /** Ends an upload as soon as it cannot fit any more. */
  addBytes(bytes: number): void {
    this.stored += bytes;
    if (this.stored > this.most) throw this.reached();
  }

  /** Looks again where the row is written: other uploads may have ended meanwhile. */
  async claim(tx: Queryable, bytes: number): Promise<void> {
    await lockUser(tx, this.userId);
    if ((await storedBytesOf(tx, this.userId)) + bytes > this.most) throw this.reached();
  }

  private reached(): LimitReached {
    return new LimitReached(
      'upload_quota',
      `your uploads may take ${byteCount(this.most)} together (TRAINYARD_USER_STORED_MB), and this one does not fit: delete some with DELETE /api/v2/train/uploads/{upload_id}; nothing of this one was kept`,
      retryAfterSeconds,
      507,
    );
  }
}
