import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyModel, writeTinyBundle } from '../testing/testModel';
import { eventually } from '../testing/testServing';
import { PredictorPool, type PoolOptions } from './predictorPool';
import { PredictorThread } from './predictorThreadClient';

// A limit against hanging, not a measure of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

const asked = { topK: 1, explain: false, caller: 'ann' };

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
    (await pool.predict(handle, ['hello'], asked))[0]!.classes[0]!.class;

  const manyTexts = Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 'hello' : `no ${i}`));

  it('answers many texts in their order, over all threads, for callers at the same time', async () => {
    start();
    const handle = await pool.open(bundle('one'), 1);
    const calls = ['ann', 'ben', 'cem'].map((caller) =>
      pool.predict(handle, manyTexts, { ...asked, caller }),
    );
    for (const answers of await Promise.all(calls)) {
      const found = answers.map(({ classes }) => classes[0]!.class === 'one');
      expect(answers.every(({ classes }) => classes.length === 1)).toBe(true);
      expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(1500);
      expect(found[0]).toBe(true);
      expect(found[2998]).toBe(true);
    }
    expect(await pool.predict(handle, [], asked)).toEqual([]);
    expect(pool.waiting).toBe(0);
  });

  it('says so when a bundle cannot be opened, and goes on with the others', async () => {
    start();
    await expect(pool.open(join(home, 'nowhere'), 500)).rejects.toThrow();
    expect(pool.bytes).toBe(0);
    const handle = await pool.open(bundle('one'), 1);
    expect(await topClass(handle)).toBe('one');
  });

  it('computes again what a thread took with it', async () => {
    start();
    const handles = [await pool.open(bundle('one'), 1), await pool.open(bundle('two'), 1)];
    const calls = handles.map((handle) => pool.predict(handle, manyTexts, asked));
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
        const predict = thread.predict.bind(thread);
        thread.predict = (handle, texts, options, signal) => {
          if (texts.includes(deadly)) void thread.end();
          return predict(handle, texts, options, signal);
        };
        return thread;
      },
    });
    const handle = await pool.open(bundle('one'), 1);
    const doomed = pool.predict(handle, [deadly], asked);
    const others = ['ben', 'cem'].map((caller) =>
      pool.predict(handle, ['hello'], { ...asked, caller }),
    );
    await expect(doomed).rejects.toMatchObject({ code: 'thread_died' });
    for (const answers of await Promise.all(others)) expect(answers).toHaveLength(1);
  });

  it('computes nothing for a caller who left, and goes on for those who have not', async () => {
    start({ threads: 1 });
    const handle = await pool.open(bundle('one'), 1);
    const gone = new AbortController();
    const left = pool.predict(handle, manyTexts, {
      ...asked,
      explain: true,
      signal: gone.signal,
    });
    const stayed = pool.predict(handle, ['hello'], { ...asked, caller: 'ben' });
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(pool.waiting).toBe(0);
    expect(await stayed).toHaveLength(1);
    await expect(
      pool.predict(handle, ['hello'], { ...asked, signal: gone.signal }),
    ).rejects.toThrow('gone');
  });

  it('lets go of a model while its other requests are answered, and forgets its memory', async () => {
    start();
    const [one, two] = [await pool.open(bundle('one'), 400), await pool.open(bundle('two'), 100)];
    const busy = pool.predict(two, manyTexts, asked);
    await pool.close(one);
    expect(pool.bytes).toBeLessThanOrEqual(200);
    await expect(pool.predict(one, ['hello'], asked)).rejects.toThrow('not open');
    expect(await busy).toHaveLength(3000);
    await pool.close(one);
  });

  it('opens copies in other threads within its memory only', async () => {
    start({ maxBytes: 1000 });
    const [large, small] = [
      await pool.open(bundle('one'), 600),
      await pool.open(bundle('two'), 100),
    ];
    await pool.predict(large, manyTexts, asked);
    await pool.predict(small, manyTexts, asked);
    await eventually('the small one is in both threads', async () => {
      await pool.predict(small, manyTexts, asked);
      return pool.bytes === 800;
    });
    await pool.predict(large, manyTexts, asked);
    expect(pool.bytes).toBe(800);
  });

  it('refuses more than may wait', async () => {
    start({ threads: 1, limits: { texts: 2000 } });
    const handle = await pool.open(bundle('one'), 1);
    const first = pool.predict(handle, manyTexts.slice(0, 1500), asked);
    await expect(pool.predict(handle, manyTexts.slice(0, 600), asked)).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(await first).toHaveLength(1500);
    expect(await topClass(handle)).toBe('one');
  });
});
