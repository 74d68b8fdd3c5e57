import { randomUUID } from 'node:crypto';
import { TokenService } from '../auth/tokens';
import { cachedAccess } from './access';
import type { Queryable } from '../database/database';

const modelId = randomUUID();
const userId = randomUUID();
const tokens = new TokenService('a secret of tests'.repeat(3));
const token = tokens.signUser(userId);

/** A database that knows one user and one model of that user, as long as it is `up`. */
function database(): Queryable & { up: boolean; queries: number; owner: string } {
  return {
    up: true,
    queries: 0,
    owner: userId,
    query(sql: string) {
      this.queries++;
      if (!this.up) return Promise.reject(new Error('connection refused'));
      const names = { username: 'u', email: 'e' };
      const user = { id: userId, ...names, is_admin: false, password_version: 0 };
      const model = { id: modelId, owner_id: this.owner, access: 'private', team_id: null };
      return Promise.resolve([sql.includes('FROM app_user') ? user : model]) as never;
    },
  };
}

describe('cachedAccess', () => {
  it('asks once for requests at the same time, and not again while the answer is fresh', async () => {
    const db = database();
    let now = 0;
    const authorize = cachedAccess(db, tokens, { freshMs: 3000, now: () => now });
    const ask = () => authorize(token, modelId, 'read');
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([userId, userId, userId]);
    now = 2999;
    expect(await ask()).toBe(userId);
    expect(db.queries).toBe(2);
  });

  it('takes a permission away once the answer is not fresh any more', async () => {
    const db = database();
    let now = 0;
    const authorize = cachedAccess(db, tokens, { freshMs: 3000, now: () => now });
    await authorize(token, modelId, 'read');
    db.owner = randomUUID();
    now = 3000;
    expect(await authorize(token, modelId, 'read')).toBeUndefined();
    expect(await authorize(token, modelId, 'read')).toBeUndefined();
  });

  it('lets permissions stand for a while when the database is away, but grants none', async () => {
    const db = database();
    let now = 0;
    const authorize = cachedAccess(db, tokens, { freshMs: 3000, graceMs: 60_000, now: () => now });
    await authorize(token, modelId, 'read');
    db.up = false;
    now = 59_999;
    expect(await authorize(token, modelId, 'read')).toBe(userId);
    await expect(authorize(token, modelId, 'owner')).rejects.toThrow('connection refused');
    now = 60_000;
    await expect(authorize(token, modelId, 'read')).rejects.toThrow('connection refused');
  });

  it('refuses tokens that are none', async () => {
    const authorize = cachedAccess(database(), tokens);
    expect(await authorize('nonsense', modelId, 'read')).toBeUndefined();
    expect(await authorize(tokens.signJob({ model_id: modelId }), modelId, 'read')).toBeUndefined();
  });
});
