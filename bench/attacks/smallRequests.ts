import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient, ApiError } from '../../test/support/apiClient';
import { latency } from '../support/statistics';

/** A user who asks for little, and what for. */
export interface Victim {
  client: ApiClient;
  email: string;
  password: string;
  /** A model of theirs, trained and deployed. */
  model: string;
}

/** What was measured of one kind of request. */
export interface Measured {
  request: string;
  p50: number;
  p99: number;
  most: number;
  n: number;
  /** How often there was no good answer, by reason. */
  failed: Record<string, number>;
}

/** How often each is asked; whether or not earlier ones are answered. */
const kinds: { request: string; everyMs: number; ask: (victim: Victim) => Promise<unknown> }[] = [
  { request: 'status', everyMs: 100, ask: ({ client, model }) => client.trainStatus(model) },
  { request: 'list', everyMs: 100, ask: ({ client }) => client.get('/api/v2/model/list?limit=20') },
  {
    request: 'predict',
    everyMs: 100,
    ask: ({ client, model }) => client.predict(model, { text: 'a text like any other' }),
  },
  {
    request: 'upload',
    everyMs: 250,
    ask: ({ client }) => client.upload([{ name: 'a.csv', content: 'text,label\na,b\nc,d\n\n' }]),
  },
  {
    request: 'sign-in',
    everyMs: 500,
    ask: ({ client, email, password }) => new ApiClient(client.url).login(email, password),
  },
];

/** Asks for everything at a steady rate for so long, and waits for what is not answered then. */
export function measureSmallRequests(victim: Victim, seconds: number): Promise<Measured[]> {
  return Promise.all(
    kinds.map(async ({ request, everyMs, ask }) => {
      const taken: number[] = [];
      const failed: Record<string, number> = {};
      const one = async (): Promise<void> => {
        const begun = performance.now();
        await ask(victim).catch((error: unknown) => {
          const reason = error instanceof ApiError ? String(error.status) : String(error);
          failed[reason] = (failed[reason] ?? 0) + 1;
        });
        taken.push(performance.now() - begun);
      };
      const asked: Promise<void>[] = [];
      const begun = performance.now();
      const count = Math.round((seconds * 1000) / everyMs);
      for (let i = 0; i < count; i++) {
        await pause(Math.max(0, begun + i * everyMs - performance.now()));
        asked.push(one());
      }
      await Promise.all(asked);
      return { request, ...latency(taken), most: Math.round(Math.max(...taken)), failed };
    }),
  );
}
