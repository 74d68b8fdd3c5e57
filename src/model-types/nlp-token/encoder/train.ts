import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encoderWithBase } from '../../../encoder-learning/encoderChoice';
import type { StageContext } from '../../../stage/stageContext';
import type { NlpTokenOptions } from '../options';
import { readTokenSummary } from '../preprocess/tokenData';
import { train as trainCrf } from '../train/train';
import { trainFrozen } from './trainFrozen';
import { trainFull } from './trainFull';

/** Preprocessed rows and an encoder → a bundle in `model/`. */
export async function train(context: StageContext, options: NlpTokenOptions): Promise<void> {
  if (existsSync(join(context.inputs, 'base'))) throw encoderWithBase();
  // Tags that rules find alone leave nothing to learn.
  if (readTokenSummary(join(context.inputs, 'preprocess')).tags.length === 0) {
    await trainCrf(context, options);
    return;
  }
  await (options.encoder!.training === 'frozen' ? trainFrozen : trainFull)(context, options);
}
