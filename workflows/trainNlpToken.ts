import { runPipeline } from './pipeline';
import type { Done, RunHandle, TimeoutOptions } from './types';

/** Trains a token classifier. */
export async function trainNlpToken(
  run: RunHandle,
  timeouts: TimeoutOptions,
  done?: Done,
): Promise<void> {
  await runPipeline({ run, timeouts, done }, async (pipeline) => {
    await pipeline.stage('extract');
    await pipeline.stage('preprocess');
    await pipeline.each('embed');
    await pipeline.stage('train');
    await pipeline.stage('evaluate');
    await pipeline.report();
    await pipeline.finish();
    await pipeline.deployIfAsked();
  });
}
