import { createHash } from 'node:crypto';
import {
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Database } from '../database/database';
import { LimitReached, TrainyardError } from '../errors';
import { emailKey } from '../identity/emailAddress';
import { clientNetwork } from './clientNetwork';

/** How often accounts may be asked for; see `Config.accounts` for the meaning of each. */
export interface AttemptLimitOptions {
  signUpsPerHour: number;
  signInsPerMinute: number;
  signInFailures: number;
}

const minute = 60;
const hour = 60 * minute;
/** How long the failures of an address at an account count, from the first of them. */
const failuresSeconds = 15 * minute;
/** Failures at one account within an hour, from all addresses, that make it one under attack. */
const attackFailures = 50;
/** What an address may still fail at an account under attack. */
const failuresUnderAttack = 3;

/**
 * Counts sign-ups and sign-ins in the database, for all API processes together and across restarts.
 *
 * Who guesses is held up, not whom they guess at: failures count for the pair of address and account.
 * Where many addresses guess at one account, each of them has fewer tries, and so has the owner at a
 * new address, but nobody can use all of them up for the owner.
 */
export class AttemptLimits {
  private readonly signUps: RateLimiterAbstract;
  private readonly signIns: RateLimiterAbstract;
  private readonly failuresOfPair: RateLimiterAbstract;
  private readonly failuresOfAccount: RateLimiterAbstract;

  constructor(
    database: Database,
    private readonly options: AttemptLimitOptions,
  ) {
    const counter = (keyPrefix: string, points: number, duration: number, tidies = false) =>
      new RateLimiterPostgres({
        storeClient: database,
        storeType: 'typeorm',
        tableName: 'attempt_count',
        tableCreated: true,
        clearExpiredByTimeout: tidies,
        keyPrefix,
        points,
        duration,
        // Who goes on regardless costs the database nothing more.
        inMemoryBlockOnConsumed: points + 1,
      });
    this.signUps = counter('sign_up', options.signUpsPerHour, hour, true);
    this.signIns = counter('sign_in', options.signInsPerMinute, minute);
    this.failuresOfPair = counter('failed_pair', options.signInFailures, failuresSeconds);
    this.failuresOfAccount = counter('failed_account', attackFailures, hour);
  }

  /**
   * Counts a sign-up from an address.
   * @throws LimitReached 429; TrainyardError 403 when nobody may sign up
   */
  async signUp(address: string): Promise<void> {
    const { signUpsPerHour } = this.options;
    if (signUpsPerHour === 0) throw signUpClosed();
    await consume(this.signUps, clientNetwork(address), (seconds) => {
      const message = `${signUpsPerHour} people have signed up from your address within an hour, which is the most: try again in ${inWords(seconds)}`;
      return new LimitReached('too_many_sign_ups', message, seconds);
    });
  }

  /**
   * Counts a sign-in from an address, whatever will become of it.
   * @throws LimitReached 429
   */
  async signIn(address: string): Promise<void> {
    await consume(this.signIns, clientNetwork(address), (seconds) => {
      const message = `${this.options.signInsPerMinute} sign-ins have come from your address within a minute, which is the most: try again in ${inWords(seconds)}; scripts want an API token (POST /api/v2/user/tokens)`;
      return new LimitReached('too_many_sign_ins', message, seconds);
    });
  }

  /**
   * Refuses who has given too many wrong passwords for an account, before the next is looked at.
   * @throws LimitReached 429
   */
  async checkFailures(address: string, email: string): Promise<void> {
    const { pair, account } = keysOf(address, email);
    const [ofPair, ofAccount] = await Promise.all([
      this.failuresOfPair.get(pair),
      this.failuresOfAccount.get(account),
    ]);
    const underAttack = (ofAccount?.consumedPoints ?? 0) >= attackFailures;
    const { signInFailures } = this.options;
    const most = underAttack ? Math.min(failuresUnderAttack, signInFailures) : signInFailures;
    if (!ofPair || ofPair.consumedPoints < most) return;
    const seconds = secondsOf(ofPair);
    throw new LimitReached(
      'too_many_wrong_passwords',
      `the password for this e-mail address was wrong ${ofPair.consumedPoints} times from your address: try again in ${inWords(seconds)}, or ask an administrator to reset it`,
      seconds,
    );
  }

  async failed(address: string, email: string): Promise<void> {
    const { pair, account } = keysOf(address, email);
    await Promise.all([this.failuresOfPair.penalty(pair), this.failuresOfAccount.penalty(account)]);
  }

  /** Forgets what an address has failed at an account. */
  async succeeded(address: string, email: string): Promise<void> {
    await this.failuresOfPair.delete(keysOf(address, email).pair);
  }
}

/** Hashes: the table of counters names neither people nor addresses. */
function keysOf(address: string, email: string): { pair: string; account: string } {
  const account = emailKey(email);
  const hashed = (text: string) => createHash('sha256').update(text).digest('base64url');
  return { pair: hashed(`${clientNetwork(address)}\n${account}`), account: hashed(account) };
}

async function consume(
  counter: RateLimiterAbstract,
  key: string,
  refusal: (seconds: number) => LimitReached,
): Promise<void> {
  try {
    await counter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? refusal(secondsOf(error)) : error;
  }
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

function inWords(seconds: number): string {
  return seconds < 2 * minute ? `${seconds} seconds` : `${Math.ceil(seconds / minute)} minutes`;
}

function signUpClosed(): TrainyardError {
  const message = 'nobody can sign up here: ask an administrator to add you';
  return new TrainyardError('config', 'sign_up_closed', message, 403);
}
