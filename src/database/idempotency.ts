import { firstRow, rows, type Queryable } from './database';

/** A reply that was given to a request with an `Idempotency-Key`. */
export interface StoredReply {
  request_hash: string;
  body: unknown;
}

/**
 * Takes a key for the transaction. A second request with it waits here until the first commits (and
 * then finds its reply) or rolls back (and then takes the key itself), so a crash holds nothing.
 * @returns the reply of the request that had it before, or undefined
 */
export async function claimKey(
  tx: Queryable,
  userId: string,
  key: string,
  requestHash: string,
): Promise<StoredReply | undefined> {
  const taken = await rows(
    tx,
    `INSERT INTO idempotency_key (user_id, key, request_hash) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING key`,
    [userId, key, requestHash],
  );
  return taken.length > 0 ? undefined : keptReply(tx, userId, key);
}

export async function keptReply(
  db: Queryable,
  userId: string,
  key: string,
): Promise<StoredReply | undefined> {
  return firstRow<StoredReply>(
    db,
    'SELECT request_hash, body FROM idempotency_key WHERE user_id = $1 AND key = $2',
    [userId, key],
  );
}

/** Keeps the reply with the key, in the transaction that took it. */
export async function storeReply(
  tx: Queryable,
  userId: string,
  key: string,
  body: unknown,
): Promise<void> {
  await tx.query('UPDATE idempotency_key SET body = $3 WHERE user_id = $1 AND key = $2', [
    userId,
    key,
    JSON.stringify(body),
  ]);
}

/** Forgets keys older than a day; returns how many. */
export async function forgetOldKeys(db: Queryable): Promise<number> {
  const forgotten = await rows(
    db,
    `DELETE FROM idempotency_key WHERE created_at < now() - interval '1 day' RETURNING key`,
  );
  return forgotten.length;
}
