import { ResourceSemaphore } from './semaphore';

const never = new AbortController().signal;

test('a request waits until enough cores and memory are free', async () => {
  const semaphore = new ResourceSemaphore({ cores: 2, memoryMb: 1000 });
  const first = await semaphore.acquire({ cores: 1, memoryMb: 800 }, never);
  let started = false;
  const second = semaphore.acquire({ cores: 1, memoryMb: 400 }, never).then((release) => {
    started = true;
    return release;
  });
  await Promise.resolve();
  expect(started).toBe(false);
  first();
  (await second)();
  expect(started).toBe(true);
});

test('a large request is not overtaken by small ones that came later', async () => {
  const semaphore = new ResourceSemaphore({ cores: 2, memoryMb: 1000 });
  const order: string[] = [];
  const first = await semaphore.acquire({ cores: 1, memoryMb: 100 }, never);
  const large = semaphore.acquire({ cores: 2, memoryMb: 100 }, never).then((release) => {
    order.push('large');
    release();
  });
  const small = semaphore.acquire({ cores: 1, memoryMb: 100 }, never).then((release) => {
    order.push('small');
    release();
  });
  first();
  await Promise.all([large, small]);
  expect(order).toEqual(['large', 'small']);
});

test('more than the machine has is clamped to what it has', async () => {
  const semaphore = new ResourceSemaphore({ cores: 2, memoryMb: 1000 });
  expect(semaphore.clamp({ cores: 64, memoryMb: 9000 })).toEqual({ cores: 2, memoryMb: 1000 });
  const release = await semaphore.acquire({ cores: 64, memoryMb: 9000 }, never);
  release();
  release();
  const again = await semaphore.acquire({ cores: 2, memoryMb: 1000 }, never);
  again();
});

test('a cancelled request leaves the queue and lets the next one in', async () => {
  const semaphore = new ResourceSemaphore({ cores: 1, memoryMb: 1000 });
  const held = await semaphore.acquire({ cores: 1, memoryMb: 100 }, never);
  const controller = new AbortController();
  const cancelled = semaphore.acquire({ cores: 1, memoryMb: 100 }, controller.signal);
  const next = semaphore.acquire({ cores: 1, memoryMb: 100 }, never);
  controller.abort();
  await expect(cancelled).rejects.toThrow();
  held();
  (await next)();
});
