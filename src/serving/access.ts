import { authenticateUser } from '../auth/authenticate';
import { authorizeModel, type Need } from '../auth/policies';
import type { TokenService } from '../auth/tokens';
import type { Queryable } from '../database/database';
import { TrainyardError } from '../errors';

/** Whether a token's user has a permission on a model. Throws only when that cannot be found out. */
export type Authorize = (token: string, modelId: string, need: Need) => Promise<boolean>;

export interface AccessOptions {
  /** A permission that was granted is looked up again after so long. @default 3 s */
  freshMs?: number;
  /** While the database cannot be asked, what was granted stands for so long. @default 60 s */
  graceMs?: number;
  /** @default Date.now */
  now?: () => number;
}

/** Granted permissions kept at once; the oldest go first. */
const maxKept = 10_000;

/**
 * Checks tokens against the database and remembers, briefly, what was granted: a prediction costs
 * no query, a token that is revoked stops working within seconds.
 */
export function cachedAccess(
  db: Queryable,
  tokens: TokenService,
  { freshMs = 3000, graceMs = 60_000, now = Date.now }: AccessOptions = {},
): Authorize {
  const granted = new Map<string, number>();
  const asking = new Map<string, Promise<boolean>>();

  const ask = async (key: string, token: string, modelId: string, need: Need): Promise<boolean> => {
    try {
      const user = await authenticateUser(db, tokens, token);
      await authorizeModel(db, user, modelId, need);
    } catch (error) {
      if (!(error instanceof TrainyardError)) {
        const since = granted.get(key);
        if (since !== undefined && now() - since < graceMs) return true;
        throw error;
      }
      granted.delete(key);
      return false;
    }
    granted.delete(key);
    granted.set(key, now());
    if (granted.size > maxKept) granted.delete(granted.keys().next().value!);
    return true;
  };

  return (token, modelId, need) => {
    const key = `${need} ${modelId} ${token}`;
    const since = granted.get(key);
    if (since !== undefined && now() - since < freshMs) return Promise.resolve(true);
    const pending = asking.get(key);
    if (pending) return pending;
    const answer = ask(key, token, modelId, need).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  };
}
