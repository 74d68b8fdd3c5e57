import { residentMb } from '../../src/allocation/processGroup';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit } from '../support/statistics';

const count = 200;

interface Listed {
  model_name: string;
  train_status: string;
}

/** 200 trainings posted at once: how many end `complete`, how long it takes, and what memory does. */
export async function manyTrainings({ client, stack }: Platform): Promise<void> {
  const uploads = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      client.upload([
        { name: 'train.csv', content: textsCsv({ rows: 200, classes: 3, seed: 1000 + index }) },
      ]),
    ),
  );
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      client.trainText(`many-${index}`, uploads[index % uploads.length]!, { seed: index }),
    ),
  );
  const posted = (performance.now() - begun) / 1000;
  const worker = stack.children['worker']!.pid;
  const memory: number[] = [];
  let counts: Record<string, number> = {};
  for (;;) {
    memory.push(residentMb(worker));
    const models = await client.get<Listed[]>('/api/v2/model/list');
    counts = {};
    for (const { model_name, train_status } of models) {
      if (model_name.startsWith('many-')) counts[train_status] = (counts[train_status] ?? 0) + 1;
    }
    const ended = ['complete', 'failed', 'stopped'].reduce((sum, s) => sum + (counts[s] ?? 0), 0);
    if (ended === count) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const quarter = Math.floor(memory.length / 4);
  emit({
    bench: '200 trainings at once',
    ended: counts,
    posted_s: posted,
    seconds: (performance.now() - begun) / 1000,
    worker_memory_mb: {
      at_a_quarter: memory[quarter],
      at_three_quarters: memory[3 * quarter],
      most: Math.max(...memory),
    },
  });
}
