import { Turns } from './turns';

test('those with one key go in the order they came, others beside them, past failures', async () => {
  const turns = new Turns();
  const said: string[] = [];
  let finish!: () => void;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const first = turns.take('ana', async () => {
    await held;
    said.push('first');
    throw new Error('no');
  });
  const second = turns.take('ana', () => Promise.resolve(said.push('second')));
  await turns.take('bo', () => Promise.resolve(said.push('other')));
  finish();
  await expect(first).rejects.toThrow('no');
  await second;
  await turns.take('ana', () => Promise.resolve(said.push('third')));
  expect(said).toEqual(['other', 'first', 'second', 'third']);
});
