import type { Platform } from '../support/platform';
import { emit, latency, timed } from '../support/statistics';

const seconds = 20;
const inFlight = 64;

/**
 * Uploads of 20 bytes, and sign-ins of one user, alone and while somebody else, at another address
 * (a proxy names both), keeps 64 sign-ins with a wrong password for another user in flight. With
 * TRAINYARD_SIGN_INS_PER_MINUTE and TRAINYARD_SIGN_IN_FAILURES at 1000000 each of them is hashed.
 */
export async function signInFlood(platform: Platform): Promise<void> {
  await measure(platform, 'alone');
  const flood = new Flood(platform.stack.urls.api, emailOf('alone'));
  await measure(platform, `beside ${inFlight} wrong sign-ins in flight`);
  emit({ bench: 'answers to wrong sign-ins, by status', ...(await flood.end()) });
}

async function measure({ client, stack }: Platform, beside: string): Promise<void> {
  const account = { username: `flood ${beside}`, email: emailOf(beside) };
  const password = 'a password for this bench';
  await client.post('/api/v2/user/signup', { ...account, password });
  const uploads: number[] = [];
  const signIns: number[] = [];
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const content = 'text,label\na,b\nc,d\n\n';
    uploads.push(await timed(() => client.upload([{ name: 'small.csv', content }])));
    signIns.push(await timed(() => signIn(stack.urls.api, account.email, password, '192.0.2.1')));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  emit({ bench: `upload of 20 bytes, ${beside}`, ...latency(uploads) });
  emit({ bench: `sign-in, ${beside}`, ...latency(signIns) });
}

function emailOf(beside: string): string {
  return `${beside.replaceAll(' ', '-')}@example.org`;
}

/** Keeps sign-ins in flight from the moment when it is made. */
class Flood {
  private readonly statuses: Record<string, number> = {};
  private readonly lanes: Promise<void>[];
  private ended = false;

  constructor(
    private readonly api: string,
    private readonly email: string,
  ) {
    this.lanes = Array.from({ length: inFlight }, () => this.keepAsking());
  }

  /** Ends it. @returns how often each status was answered */
  async end(): Promise<Record<string, number>> {
    this.ended = true;
    await Promise.all(this.lanes);
    return this.statuses;
  }

  private async keepAsking(): Promise<void> {
    while (!this.ended) {
      const status = await signIn(this.api, this.email, 'wrong', '192.0.2.2');
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    }
  }
}

async function signIn(
  api: string,
  email: string,
  password: string,
  address: string,
): Promise<number> {
  const basic = Buffer.from(`${email}:${password}`).toString('base64');
  const headers = { Authorization: `Basic ${basic}`, 'X-Forwarded-For': address };
  const reply = await fetch(`${api}/api/v2/user/login`, { headers });
  await reply.arrayBuffer();
  return reply.status;
}
