import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getModelType } from '../../src/model-types/registry';
import type { SourceFile } from '../../src/data/files/sourceFile';
import type { OpenInputs } from '../attempt/stageInputs';
import { openSource } from './sources';

/** `files.json` and the files it names. The same files under other upload ids hit the cache. */
export const extractInputs: OpenInputs = (deps, { run, model }, { folder, signal }) => {
  const target = { inputs: folder, ownerId: model.owner_id, signal };
  const sources = run.data.sources.map((source, index) =>
    openSource(deps, source, { ...target, folder: `source-${index}` }),
  );
  const files = async (): Promise<SourceFile[]> => {
    const listed: SourceFile[] = [];
    for (const source of sources) listed.push(...(await source.files()));
    return listed;
  };
  return {
    identity: async () => {
      const type = getModelType(model.type);
      return {
        type: type.name,
        version: type.stepVersions.extract,
        options: type.cacheOptions('extract', run.options),
        files: (await files()).map(({ name, part, sha256 }) => [name, part, sha256]),
      };
    },
    fetch: async () => {
      for (const source of sources) await source.fetch();
      await writeFile(join(folder, 'files.json'), JSON.stringify(await files()));
    },
  };
};
