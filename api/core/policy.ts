import type { Caller } from '../../src/auth/authenticate';
import type { JobClaims } from '../../src/auth/tokens';
import type { SignedInUser } from '../../src/database/accounts/users';
import type { ApiDependencies } from '../dependencies';

/** What a request must carry: nothing, a token of a user or a job, or an e-mail address and password. */
export type Credential = 'none' | 'user' | 'job' | 'password';

/** Who asks, once their token was found good. */
export interface Identities {
  none: undefined;
  user: Caller;
  job: JobClaims;
  password: SignedInUser;
}

/**
 * What a route asks of its callers. The token is looked at first (401), then the ids in the path
 * (400), then `permit` (404, 403), and the body last, so that nobody learns from an error what they
 * may not see.
 */
export interface Policy<Granted extends object, C extends Credential = Credential> {
  readonly credential: C;
  /** For the API's documents: `Read on the model`. */
  readonly needs: string;
  /** Names in the path that `permit` reads. */
  readonly params: readonly string[];
  /** The statuses with which `permit`, or looking for who asks, refuses beside 401. */
  readonly refuses: readonly number[];
  /** Throws unless the caller may; what it returns is handed to the handler. */
  permit(request: {
    deps: ApiDependencies;
    identity: Identities[C];
    params: Readonly<Record<string, string>>;
  }): Promise<Granted> | Granted;
}
