import { TrainyardError } from '../../../errors';
import type { StageInput } from '../../contract/stageInput';
import { outputOf } from '../../inputs';
import { tokenFiles, type TokenSummary } from '../preprocess/tokenData';

/** `preprocess/`, of which what counts as a word is all that the states of words depend on. */
export const wordUnit: StageInput<unknown> = outputOf('preprocess', async (places) => {
  const summary = await places.readOutput('preprocess', tokenFiles.summary);
  if (summary) return (JSON.parse(summary.toString('utf8')) as TokenSummary).unit;
  throw new TrainyardError(
    'bug',
    'file_missing',
    `the preprocess stage left no ${tokenFiles.summary}`,
  );
});
