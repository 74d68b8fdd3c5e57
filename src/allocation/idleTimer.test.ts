import { IdleTimer } from './idleTimer';

let clock = 0;
const silence = () => new IdleTimer(() => clock);
beforeEach(() => (clock = 1000));

test('silence lasts from the last word on', () => {
  const child = silence();
  clock = 1500;
  expect(child.length).toBe(500);
  child.end();
  clock = 1600;
  expect(child.length).toBe(100);
});

test('a child that waits for answers is not silent, and is given time from the last answer on', async () => {
  const child = silence();
  let store!: () => void;
  let fail!: (error: Error) => void;
  const stored = child.during(new Promise<void>((resolve) => (store = resolve)));
  const failed = child.during(new Promise<void>((_, reject) => (fail = reject)));
  clock = 90_000;
  store();
  await stored;
  expect(child.length).toBe(0);
  clock = 99_000;
  fail(new Error('the store is away'));
  await expect(failed).rejects.toThrow('away');
  clock = 99_300;
  expect(child.length).toBe(300);
});
