import { readTreeFile, type TreeRef } from '../../src/artifacts/trees/tree';
import type { ReadableStore } from '../../src/artifacts/artifactStore';
import { parseKeptWarnings, warningLine, warningsFile } from '../../src/stage/keptWarnings';
import type { AttemptRecorder } from './recorder';

/** An attempt that takes its result from the cache says what the one that made it had to say. */
export async function replayCachedWarnings(
  store: ReadableStore,
  output: TreeRef,
  recorder: Pick<AttemptRecorder, 'log' | 'warning' | 'flush'>,
): Promise<void> {
  const warnings = parseKeptWarnings(await readTreeFile(store, output, warningsFile));
  recorder.log('stdout', 'taken from the cache\n');
  for (const warning of warnings) {
    recorder.log('stdout', `${warningLine(warning)}\n`);
    recorder.warning(warning);
  }
  // Before the news that the stage is done: the report is made of what is known by then.
  await recorder.flush();
}
