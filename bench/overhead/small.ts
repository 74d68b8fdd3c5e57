import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit, percentile } from '../support/statistics';

const warmUp = 3;
const runs = 15;

interface Stages {
  stages: { stage: string; seconds: number | null }[];
}

/** POST to `complete` on a 100-row CSV, each time other rows, so that nothing comes from the cache. */
export async function smallTraining({ client }: Platform): Promise<void> {
  const seconds: number[] = [];
  const shares: Record<string, number[]> = {};
  for (let run = 0; run < warmUp + runs; run++) {
    const content = textsCsv({ rows: 100, classes: 3, seed: 100 + run });
    const upload = await client.upload([{ name: 'train.csv', content }]);
    const begun = performance.now();
    const model = await client.trainText(`small-${run}`, upload);
    await client.waitForStatus(model, 'complete');
    if (run < warmUp) continue;
    seconds.push((performance.now() - begun) / 1000);
    const { stages } = await client.get<Stages>(`/api/v2/train/${model}/progress`);
    for (const { stage, seconds: taken } of stages) (shares[stage] ??= []).push(taken ?? 0);
  }
  emit({
    bench: 'POST to complete, 100 rows',
    median_s: percentile(seconds, 0.5),
    least_s: Math.min(...seconds),
    most_s: Math.max(...seconds),
    stage_medians_s: Object.fromEntries(
      Object.entries(shares).map(([stage, taken]) => [stage, percentile(taken, 0.5)]),
    ),
  });
}
