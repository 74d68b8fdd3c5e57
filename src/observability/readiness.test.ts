import { createLogger } from './logger';
import { Readiness } from './readiness';

const logger = createLogger('api', 'silent');

describe('Readiness', () => {
  it('says of each check whether it answered', async () => {
    const readiness = new Readiness(
      {
        database: () => Promise.resolve([{ one: 1 }]),
        temporal: () => Promise.reject(new Error('refused')),
        queues: () => false,
      },
      logger,
    );
    expect(await readiness.report()).toEqual({
      ready: false,
      checks: { database: true, temporal: false, queues: false },
    });
  });

  it('does not wait for a check that hangs, nor asks it again meanwhile', async () => {
    let asked = 0;
    let answer = (): void => undefined;
    const hangs = (): Promise<void> => {
      asked++;
      return new Promise((resolve) => (answer = resolve));
    };
    const readiness = new Readiness({ hangs }, logger, { timeoutMs: 20, maxAgeMs: -1 });
    for (let round = 0; round < 3; round++) expect((await readiness.report()).ready).toBe(false);
    expect(asked).toBe(1);
    answer();
    await new Promise(setImmediate);
    const next = readiness.report();
    expect(asked).toBe(2);
    answer();
    expect((await next).ready).toBe(true);
  });

  it('asks once for everybody who wants to know at the same time', async () => {
    let asked = 0;
    const readiness = new Readiness({ database: () => ++asked }, logger, { maxAgeMs: 60_000 });
    await Promise.all(Array.from({ length: 50 }, () => readiness.report()));
    expect(asked).toBe(1);
  });

  it('logs that a check fails when it begins to, and when it ends', async () => {
    let works = true;
    const lines: string[] = [];
    const log = {
      info: (_: object, text: string) => lines.push(text),
      warn: (_: object, text: string) => lines.push(text),
    } as unknown as typeof logger;
    const readiness = new Readiness({ database: () => works }, log, { maxAgeMs: -1 });
    for (const now of [true, false, false, true, true]) {
      works = now;
      await readiness.report();
    }
    expect(lines).toEqual(['not ready', 'answers again']);
  });
});
