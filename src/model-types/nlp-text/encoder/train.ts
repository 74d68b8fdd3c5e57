import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import type { NlpTextOptions } from '../options';
import { encoderWithBase } from '../../../encoder-learning/encoderChoice';
import { trainFrozen } from './trainFrozen';
import { trainFull } from './trainFull';

/** Preprocessed rows and an encoder → a bundle in `model/`. */
export async function train(context: StageContext, options: NlpTextOptions): Promise<void> {
  if (existsSync(join(context.inputs, 'base'))) throw encoderWithBase();
  await (options.encoder!.training === 'frozen' ? trainFrozen : trainFull)(context, options);
}
