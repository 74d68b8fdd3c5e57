import { CancellationScope } from '@temporalio/workflow';

/**
 * Hands out items in their order, so many at once. When one fails for good, those under way are cancelled.
 * @param more is asked before each item; false: no further ones are handed out
 */
export async function fanOut<Item>(
  items: readonly Item[],
  atOnce: number,
  more: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && more()) await work(items[next++]!);
  };
  const scope = new CancellationScope();
  await scope
    .run(() => Promise.all(Array.from({ length: Math.min(items.length, atOnce) }, lane)))
    .catch((error: unknown) => {
      scope.cancel();
      throw error;
    });
}
