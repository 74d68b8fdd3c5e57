import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyModel, writeTinyBundle } from '../testing/testModel';
import { eventually } from '../testing/testServing';
import { PredictorPool, type Asking, type PoolOptions } from './predictorPool';
import { PredictorThread } from './predictorThreadClient';

// A limit against hanging, not a measure of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

const predict = (texts: string[], caller = 'ann', signal?: AbortSignal): Asking => ({
  action: 'predict',
  request: {
    items: texts,
    sizeOf: (text) => (text as string).length,
    options: { topK: 1, explain: false },
    long: false,
  },
  caller,
  signal,
});

interface Answer {
  classes: { class: string }[];
}

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'trainyard-pool-'));
  for (const label of ['one', 'two']) {
    await writeTinyBundle(join(home, label), tinyModel('hello', label));
  }
});
afterAll(() => rm(home, { recursive: true, force: true }));

const bundle = (label: string): string => join(home, label, 'model');

describe('PredictorPool', () => {
  let pool: PredictorPool;
  let threads: PredictorThread[];

  function start(options: Partial<PoolOptions> = {}): void {
    threads = [];
    const startThread = (onDeath: (thread: PredictorThread) => void): PredictorThread => {
      const thread = new PredictorThread(onDeath);
      threads.push(thread);
      return thread;
    };
    pool = new PredictorPool({ threads: 2, maxBytes: 1000, startThread, ...options });
  }
  afterEach(() => pool.end());

  const topClass = async (handle: number): Promise<string> =>
    ((await pool.run(handle, predict(['hello'])))[0] as Answer).classes[0]!.class;

  const manyTexts = Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 'hello' : `no ${i}`));

  it('answers many texts in their order, over all threads, for callers at the same time', async () => {
    start();
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    const calls = ['ann', 'ben', 'cem'].map((caller) =>
      pool.run(handle, predict(manyTexts, caller)),
    );
    for (const answers of (await Promise.all(calls)) as Answer[][]) {
      const found = answers.map(({ classes }) => classes[0]!.class === 'one');
      expect(answers.every(({ classes }) => classes.length === 1)).toBe(true);
      expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(1500);
      expect(found[0]).toBe(true);
      expect(found[2998]).toBe(true);
    }
    expect(await pool.run(handle, predict([]))).toEqual([]);
    expect(pool.waiting).toBe(0);
  });

  it('says so when a bundle cannot be opened, and goes on with the others', async () => {
    start();
    await expect(pool.open('nlp-text', join(home, 'nowhere'), 500)).rejects.toThrow();
    expect(pool.bytes).toBe(0);
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    expect(await topClass(handle)).toBe('one');
  });

  it('computes again what a thread took with it', async () => {
    start();
    const handles = [
      await pool.open('nlp-text', bundle('one'), 1),
      await pool.open('nlp-text', bundle('two'), 1),
    ];
    const calls = handles.map((handle) => pool.run(handle, predict(manyTexts)));
    await threads[0]!.end();
    expect((await Promise.all(calls)).map(({ length }) => length)).toEqual([3000, 3000]);
    for (const thread of [...threads]) await thread.end();
    expect(await Promise.all(handles.map(topClass))).toEqual(['one', 'two']);
  });

  it('gives up what kills every thread that tries it, and nothing else', async () => {
    const deadly = 'this one is deadly';
    start();
    await pool.end();
    start({
      startThread: (onDeath) => {
        const thread = new PredictorThread(onDeath);
        const run = thread.run.bind(thread);
        thread.run = (handle, work, signal) => {
          if (work.items.includes(deadly)) void thread.end();
          return run(handle, work, signal);
        };
        return thread;
      },
    });
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    const doomed = pool.run(handle, predict([deadly]));
    const others = ['ben', 'cem'].map((caller) => pool.run(handle, predict(['hello'], caller)));
    await expect(doomed).rejects.toMatchObject({ code: 'thread_died' });
    for (const answers of await Promise.all(others)) expect(answers).toHaveLength(1);
  });

  it('computes nothing for a caller who left, and goes on for those who have not', async () => {
    start({ threads: 1 });
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    const gone = new AbortController();
    const explained = predict(manyTexts, 'ann', gone.signal);
    const options = { topK: 1, explain: true };
    const left = pool.run(handle, {
      ...explained,
      request: { ...explained.request, options, long: true },
    });
    const stayed = pool.run(handle, predict(['hello'], 'ben'));
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(pool.waiting).toBe(0);
    expect(await stayed).toHaveLength(1);
    await expect(pool.run(handle, predict(['hello'], 'ann', gone.signal))).rejects.toThrow('gone');
  });

  it('fails what a model has too few results for, instead of waiting for them', async () => {
    const startThread = (onDeath: (thread: PredictorThread) => void): PredictorThread => {
      const thread = new PredictorThread(onDeath);
      const run = thread.run.bind(thread);
      thread.run = async (handle, work, signal) => {
        const computed = await run(handle, work, signal);
        const isShort = work.items.includes('no result');
        return isShort ? { ...computed, results: computed.results.slice(1) } : computed;
      };
      return thread;
    };
    start({ threads: 1, startThread, limits: { items: 4 } });
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    for (let i = 0; i < 5; i++) {
      const few = pool.run(handle, predict(['no result']));
      await expect(few).rejects.toThrow('nlp-text has 0 results of predict for 1 items');
    }
    expect(await topClass(handle)).toBe('one');
  });

  it('lets go of a model while its other requests are answered, and forgets its memory', async () => {
    start();
    const [one, two] = [
      await pool.open('nlp-text', bundle('one'), 400),
      await pool.open('nlp-text', bundle('two'), 100),
    ];
    const busy = pool.run(two, predict(manyTexts));
    await pool.close(one);
    expect(pool.bytes).toBeLessThanOrEqual(200);
    await expect(pool.run(one, predict(['hello']))).rejects.toThrow('not open');
    expect(await busy).toHaveLength(3000);
    await pool.close(one);
  });

  it('opens copies in other threads within its memory only', async () => {
    start({ maxBytes: 1000 });
    const [large, small] = [
      await pool.open('nlp-text', bundle('one'), 600),
      await pool.open('nlp-text', bundle('two'), 100),
    ];
    await pool.run(large, predict(manyTexts));
    await pool.run(small, predict(manyTexts));
    await eventually('the small one is in both threads', async () => {
      await pool.run(small, predict(manyTexts));
      return pool.bytes === 800;
    });
    await pool.run(large, predict(manyTexts));
    expect(pool.bytes).toBe(800);
  });

  it('refuses more than may wait', async () => {
    start({ threads: 1, limits: { items: 2000 } });
    const handle = await pool.open('nlp-text', bundle('one'), 1);
    const first = pool.run(handle, predict(manyTexts.slice(0, 1500)));
    await expect(pool.run(handle, predict(manyTexts.slice(0, 600)))).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(await first).toHaveLength(1500);
    expect(await topClass(handle)).toBe('one');
  });
});
