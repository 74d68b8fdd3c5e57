import { runPipeline } from './pipeline';
import type { RunHandle, TimeoutOptions } from './types';

/** Trains a text or document classifier. */
export async function trainNlpText(run: RunHandle, timeouts: TimeoutOptions): Promise<void> {
  await runPipeline(run, timeouts, async (pipeline) => {
    await pipeline.stage('extract');
    await pipeline.stage('preprocess');
    if (run.embeds) await pipeline.shards('embed');
    await pipeline.stage('train');
    await pipeline.stage('evaluate');
    await pipeline.report();
    await pipeline.finish();
    await pipeline.deployIfAsked();
  });
}
