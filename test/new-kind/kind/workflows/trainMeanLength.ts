import { ApplicationFailure } from '@temporalio/workflow';
import { runPipeline } from './pipeline';
import type { Done, RunHandle, TimeoutOptions } from './types';

/** Goes by what the items of a stage return: where all means are one, there is nothing to learn. */
export async function trainMeanLength(
  run: RunHandle,
  timeouts: TimeoutOptions,
  done?: Done,
): Promise<void> {
  await runPipeline({ run, timeouts, done }, async (pipeline) => {
    await pipeline.stage('extract');
    const means = await pipeline.each<{ mean: number }>('measure');
    if (new Set(means.map(({ mean }) => mean)).size < 2) {
      const message = 'the texts of all labels are equally long on average';
      throw ApplicationFailure.create({ type: 'data', message, nonRetryable: true });
    }
    await pipeline.stage('train');
    await pipeline.stage('evaluate');
    await pipeline.report();
    await pipeline.finish();
    await pipeline.deployIfAsked();
  });
}
