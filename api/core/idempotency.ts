import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Database, Queryable } from '../../src/database/database';
import { storeReply, keptReply, claimKey, type StoredReply } from '../../src/database/idempotency';
import { TrainyardError } from '../../src/errors';

/** Runs a handler's transaction; see `Exchange.transaction`. */
export type Transaction = <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;

export function plainTransaction(database: Database): Transaction {
  return (work) => database.transaction(work);
}

/** A request with an `Idempotency-Key`: who, which key, and what was asked with it. */
export class KeyedRequest {
  private constructor(
    private readonly database: Database,
    private readonly userId: string,
    private readonly key: string,
    private readonly requestHash: string,
  ) {}

  /** Undefined when the request has no key. */
  static from(
    ctx: Context,
    database: Database,
    userId: string,
    body: Buffer,
  ): KeyedRequest | undefined {
    const key = ctx.get('Idempotency-Key');
    if (key === '') return undefined;
    if (key.length > 255) throw keyTooLong();
    const hash = createHash('sha256').update(`${ctx.method} ${ctx.url}\n`).update(body);
    return new KeyedRequest(database, userId, key, hash.digest('hex'));
  }

  /** The reply that the same request got before. */
  async earlierReply(): Promise<{ body: unknown } | undefined> {
    return this.matching(await keptReply(this.database, this.userId, this.key));
  }

  /** The first to come does the work and keeps its result; others wait for it and get the same. */
  readonly transaction: Transaction = <T>(work: (tx: Queryable) => Promise<T>) =>
    this.database.transaction(async (tx) => {
      const earlier = this.matching(await claimKey(tx, this.userId, this.key, this.requestHash));
      if (earlier) return earlier.body as T;
      const reply = await work(tx);
      await storeReply(tx, this.userId, this.key, reply);
      return reply;
    });

  private matching(kept: StoredReply | undefined): { body: unknown } | undefined {
    if (!kept || kept.request_hash === this.requestHash) return kept;
    throw new TrainyardError(
      'config',
      'idempotency_key_reused',
      'this Idempotency-Key was used with another request; send a new key with a new request',
      422,
    );
  }
}

function keyTooLong(): TrainyardError {
  const message = 'Idempotency-Key is longer than 255 characters';
  return new TrainyardError('config', 'invalid_idempotency_key', message, 400);
}
