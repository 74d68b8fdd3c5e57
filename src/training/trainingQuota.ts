import { openTrainingsOf } from '../database/runs/runs';
import type { Queryable } from '../database/database';
import { lockUser } from '../database/accounts/users';
import { LimitReached } from '../errors';
import { counted } from '../support/words';

const retryAfterSeconds = 60;

/**
 * Refuses another training to a user who has as many that wait or run. Call it in the transaction
 * that adds one: until that ends, no other request counts theirs.
 * @throws LimitReached 429 `too_many_trainings`
 */
export async function requireTrainingQuota(
  tx: Queryable,
  userId: string,
  most: number,
): Promise<void> {
  await lockUser(tx, userId);
  if ((await openTrainingsOf(tx, userId)) < most) return;
  throw new LimitReached(
    'too_many_trainings',
    `you may have ${counted(most, 'training', 'trainings')} that wait or run at once (TRAINYARD_USER_TRAININGS): wait until one has ended, or cancel some with POST /api/v2/train/{model_id}/cancel`,
    retryAfterSeconds,
  );
}
