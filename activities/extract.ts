import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getModelType } from '../src/model-types/registry';
import type { SourceFile } from '../src/model-types/modelType';
import { laySource } from './sources';
import type { PrepareStage } from './stagePlan';

/** Inputs: `files.json` and the files it names. The same files under other names hit the cache. */
export const prepareExtract: PrepareStage = async (deps, { run, model }, inputs, signal) => {
  const files: SourceFile[] = [];
  for (const [index, source] of run.data.sources.entries()) {
    const target = { inputs, folder: `source-${index}`, ownerId: model.owner_id, signal };
    files.push(...(await laySource(deps, source, target)));
  }
  await writeFile(join(inputs, 'files.json'), JSON.stringify(files));
  const type = getModelType(model.type);
  const identity = {
    type: type.name,
    version: type.stepVersions.extract,
    options: type.cacheOptions('extract', run.options),
    files: files.map(({ name, part, sha256 }) => [name, part, sha256]),
  };
  return { identity, layInputs: () => Promise.resolve() };
};
