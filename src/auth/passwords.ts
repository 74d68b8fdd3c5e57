import { LimitReached } from '../errors';
import { Argon2Thread } from './hashing/argon2Thread';
import { FairQueue } from './hashing/fairQueue';

/** Passwords that wait in one process: of one address about three seconds of work. */
const mostWaiting = { ofOne: 100, ofAll: 400 };

/** Addresses whose last password was right; the oldest go first. */
const known = new Set<string>();
const mostKnown = 10_000;

const thread = new Argon2Thread();
const queue = new FairQueue({ ...mostWaiting, full: busy });

/** Whether a password belongs to a hash; without a hash never, after as long a time. */
export type Verify = (hash: string | undefined, password: string) => Promise<boolean>;

/**
 * Hashes a password for keeping, once it is its turn. Never within a database transaction: it would
 * hold a connection for which the work before it in the queue may wait.
 * @param asker who takes turns with others: the client's address
 * @throws LimitReached 503 when too many wait
 */
export function hashPassword(password: string, asker = ''): Promise<string> {
  return queue.run(asker, () => hash(password));
}

/**
 * Does what needs a password looked at, once it is its turn: from a look at how often somebody has
 * failed to writing down that they failed again, nobody else comes between in this process. Never
 * within a database transaction, see `hashPassword`. Those who got it right the last time go before those
 * of whom nothing is known: however many guess from wherever, people can sign in.
 * @param asker who takes turns with others: the client's address
 * @param work throws when the password is wrong
 * @throws LimitReached 503 when too many wait
 */
export function verifyingPassword<T>(
  asker: string,
  work: (verify: Verify) => Promise<T>,
): Promise<T> {
  const verifyAndRemember = async (): Promise<T> => {
    const wasKnown = known.delete(asker);
    const result = await work(verify);
    known.add(asker);
    if (!wasKnown && known.size > mostKnown) known.delete(known.keys().next().value!);
    return result;
  };
  return queue.run(asker, verifyAndRemember, known.has(asker));
}

/** One spelling of what can be typed in two ways, such as é on different keyboards. */
function bytesOf(password: string): string {
  return password.normalize('NFC');
}

async function hash(password: string): Promise<string> {
  return (await thread.run({ kind: 'hash', password: bytesOf(password) })) as string;
}

const verify: Verify = async (hash, password) => {
  const verdict = await thread.run({
    kind: 'verify',
    hash: hash ?? (await nobodysHash()),
    password: bytesOf(password),
  });
  return hash !== undefined && verdict === true;
};

let nobodys: string | undefined;

/** What the passwords of people who are not there are held against, so that nothing is learnt from the time. */
async function nobodysHash(): Promise<string> {
  return (nobodys ??= await hash('nobody has this password'));
}

function busy(): LimitReached {
  const message = 'too many people are signing in or up at this moment: try again in 3 seconds';
  return new LimitReached('too_many_passwords', message, 3, 503);
}
