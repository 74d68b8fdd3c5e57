import { sign, TokenExpiredError, verify } from 'jsonwebtoken';
import { isUuid } from '../support/uuid';
import { tokenExpired, tokenUnauthorized } from './unauthorized';

/** Whom a job token speaks for. `run_id` is absent in tokens that were made for no run. */
export interface JobClaims {
  model_id: string;
  run_id?: string;
}

const minutes = 60;
const day = 24 * 60 * minutes;

/**
 * Makes and checks short-lived signed tokens (HS256). User and job tokens are signed with two
 * keys, so a token of one kind is no token of the other.
 */
export class TokenService {
  private readonly keys: { user: string; job: string };

  constructor(secret: string) {
    this.keys = { user: secret, job: `${secret}job` };
  }

  /**
   * A user's access token. Lives 15 minutes, and no longer than the password that it was given for.
   * @param passwordVersion how often the user has changed the password
   */
  signUser(userId: string, passwordVersion = 0): string {
    const changed = passwordVersion === 0 ? {} : { password_version: passwordVersion };
    return this.sign('user', { user_id: userId, ...changed }, 15 * minutes);
  }

  /** Whose token it is, for which of their passwords, and when it ends; throws 401. */
  verifyUser(token: string): { userId: string; passwordVersion: number; expires: Date } {
    const { user_id, password_version = 0, exp } = this.verify('user', token);
    if (typeof password_version !== 'number') throw tokenUnauthorized();
    return {
      userId: id(user_id),
      passwordVersion: password_version,
      expires: new Date(Number(exp) * 1000),
    };
  }

  /** The token of a run, or of a deployment (without `run_id`). @param seconds @default one day */
  signJob(claims: JobClaims, seconds = day): string {
    return this.sign('job', claims, seconds);
  }

  verifyJob(token: string): JobClaims {
    const { model_id, run_id } = this.verify('job', token);
    return { model_id: id(model_id), ...(run_id === undefined ? {} : { run_id: id(run_id) }) };
  }

  private sign(kind: keyof typeof this.keys, claims: object, expiresIn: number): string {
    return sign(claims, this.keys[kind], { algorithm: 'HS256', expiresIn, noTimestamp: true });
  }

  private verify(kind: keyof typeof this.keys, token: string): Record<string, unknown> {
    try {
      const claims = verify(token, this.keys[kind], { algorithms: ['HS256'] });
      // A token without an end is none of ours, whoever may have signed it.
      if (typeof claims !== 'string' && typeof claims.exp === 'number') return claims;
    } catch (error) {
      if (error instanceof TokenExpiredError) throw tokenExpired();
    }
    throw tokenUnauthorized();
  }
}

function id(claim: unknown): string {
  if (typeof claim !== 'string' || !isUuid(claim)) throw tokenUnauthorized();
  return claim;
}
