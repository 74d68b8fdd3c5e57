import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSource } from '../src/database/runs';
import { uploadById } from '../src/database/uploads';
import { uploadSourceFiles } from '../src/data/uploads';
import { getModelType } from '../src/model-types/registry';
import type { SourceFile } from '../src/model-types/modelType';
import { TrainyardError } from '../src/errors';
import type { ActivityDependencies } from './dependencies';
import type { PrepareStage } from './stagePlan';

/** Inputs: `files.json` and the files it names. The same files under other names hit the cache. */
export const prepareExtract: PrepareStage = async (deps, { run, model }, inputs) => {
  const files: SourceFile[] = [];
  for (const [index, source] of run.data.sources.entries()) {
    files.push(...(await laySource(deps, source, { inputs, folder: `source-${index}` })));
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

/** Lays the files of one source in `<inputs>/<folder>/`. */
async function laySource(
  deps: ActivityDependencies,
  { location, path, part }: RunSource,
  target: { inputs: string; folder: string },
): Promise<SourceFile[]> {
  const upload = location === 'upload' ? await uploadById(deps.database.manager, path) : undefined;
  if (!upload) {
    throw new TrainyardError(
      'data',
      'upload_gone',
      `upload ${path} was deleted: upload the files again`,
    );
  }
  return uploadSourceFiles(deps.store, upload, { ...target, part });
}
