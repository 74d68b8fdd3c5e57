import { authenticateUser } from '../auth/authenticate';
import { authorizeModel, type Need } from '../auth/policies';
import type { TokenService } from '../auth/tokens';
import type { Queryable } from '../database/database';
import { TrainyardError } from '../errors';

/**
 * The id of a token's user when that has a permission on a model, else undefined. Throws only when it
 * cannot be found out.
 */
export type Authorize = (token: string, modelId: string, need: Need) => Promise<string | undefined>;

/** Tells whoever passes an answer of a deployed model on, for its log, which user it is for. */
export const userHeader = 'x-trainyard-user';

interface Grant {
  since: number;
  userId: string;
}

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
  const granted = new Map<string, Grant>();
  const asking = new Map<string, Promise<string | undefined>>();

  const ask = async (
    key: string,
    token: string,
    modelId: string,
    need: Need,
  ): Promise<string | undefined> => {
    let userId: string;
    try {
      const user = await authenticateUser(db, tokens, token);
      await authorizeModel(db, user, modelId, need);
      userId = user.id;
    } catch (error) {
      if (!(error instanceof TrainyardError)) {
        const grant = granted.get(key);
        if (grant && now() - grant.since < graceMs) return grant.userId;
        throw error;
      }
      granted.delete(key);
      return undefined;
    }
    granted.delete(key);
    granted.set(key, { since: now(), userId });
    if (granted.size > maxKept) granted.delete(granted.keys().next().value!);
    return userId;
  };

  return (token, modelId, need) => {
    const key = `${need} ${modelId} ${token}`;
    const grant = granted.get(key);
    if (grant && now() - grant.since < freshMs) return Promise.resolve(grant.userId);
    const pending = asking.get(key);
    if (pending) return pending;
    const answer = ask(key, token, modelId, need).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  };
}
