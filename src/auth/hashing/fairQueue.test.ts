import { FairQueue } from './fairQueue';

const full = () => new Error('full');

describe('FairQueue', () => {
  it('runs one at a time, also after one that failed', async () => {
    const queue = new FairQueue({ ofOne: 10, ofAll: 10, full });
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      if (name === 'a') throw new Error('a failed');
      return name;
    };
    const results = await Promise.allSettled(['a', 'b'].map((name) => queue.run('x', work(name))));
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('takes those who ask in turns', async () => {
    const queue = new FairQueue({ ofOne: 10, ofAll: 10, full });
    const seen: string[] = [];
    const asked = ['x1', 'x2', 'x3', 'y1', 'y2', 'z1'].map((name) =>
      queue.run(name[0]!, () => Promise.resolve(seen.push(name))),
    );
    await Promise.all(asked);
    expect(seen).toEqual(['x1', 'x2', 'y1', 'z1', 'x3', 'y2']);
  });

  it('takes those who are trusted first, and never only them', async () => {
    const queue = new FairQueue({ ofOne: 10, ofAll: 20, full });
    const seen: string[] = [];
    const ask = (name: string, isTrusted: boolean) =>
      queue.run(name, () => Promise.resolve(seen.push(name)), isTrusted);
    const asked = ['begins', 'a', 'b'].map((name) => ask(name, false));
    asked.push(...['k', 'l', 'm', 'n'].map((name) => ask(name, true)));
    await Promise.all(asked);
    expect(seen).toEqual(['begins', 'k', 'l', 'm', 'a', 'n', 'b']);
  });

  it('refuses what it has no room for, of one and of all, until there is room again', async () => {
    const queue = new FairQueue({ ofOne: 2, ofAll: 3, full });
    const ask = (key: string) => queue.run(key, () => Promise.resolve(key));
    // The first runs at once and waits no more.
    const asked = await Promise.allSettled(['x', 'x', 'x', 'x', 'y', 'z'].map(ask));
    expect(asked.map((one) => (one.status === 'fulfilled' ? one.value : 'full'))).toEqual([
      'x',
      'x',
      'x',
      'full',
      'y',
      'full',
    ]);
    expect(await ask('z')).toBe('z');
  });
});
