import { IdleTimer } from './idleTimer';

describe('IdleTimer', () => {
  let steady: number;
  let day: number;
  const pass = (ms: number, asleepMs = 0): void => {
    steady += ms;
    day += ms + asleepMs;
  };
  const watch = (): IdleTimer =>
    new IdleTimer(60_000, 20_000, { steady: () => steady, day: () => day });
  beforeEach(() => {
    steady = 1000;
    day = 1_700_000_000_000;
  });

  /** Checks every 10 s that all miss; after how many it is too long. */
  const missesUntilTooLong = (silence: IdleTimer): number => {
    for (let misses = 1; misses < 100; misses++) {
      pass(10_000);
      if (silence.isTooLong(false)) return misses;
    }
    return Infinity;
  };

  it('is too long after the limit, and not before', () => {
    expect(missesUntilTooLong(watch())).toBe(6);
  });

  it('ends with an answer', () => {
    const silence = watch();
    for (let round = 0; round < 20; round++) {
      for (let miss = 0; miss < 5; miss++) {
        pass(10_000);
        expect(silence.isTooLong(false)).toBe(false);
      }
      pass(10_000);
      expect(silence.isTooLong(true)).toBe(false);
    }
  });

  it('does not count the time in which the one who asks stood still', () => {
    const silence = watch();
    pass(10_000);
    silence.isTooLong(false);
    pass(3_600_000);
    expect(silence.isTooLong(false)).toBe(false);
    expect(missesUntilTooLong(silence)).toBe(6);
  });

  it('does not count the sleep of a machine, which only the time of day knows of', () => {
    const silence = watch();
    for (let miss = 0; miss < 5; miss++) {
      pass(10_000);
      silence.isTooLong(false);
    }
    pass(1000, 3_600_000);
    expect(silence.isTooLong(false)).toBe(false);
    expect(missesUntilTooLong(silence)).toBe(6);
  });

  it('needs several misses, however little is allowed', () => {
    const silence = new IdleTimer(10, 20_000, { steady: () => steady, day: () => day });
    expect(missesUntilTooLong(silence)).toBe(3);
  });
});
