import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageInput } from '../contract/stageInput';

/** `files.json` (SourceFile[]) and the files it names. The same files under other upload ids are the same. */
export const sourceFiles: StageInput<unknown> = {
  identity: async (places) =>
    (await places.sourceFiles()).map(({ name, part, sha256 }) => [name, part, sha256]),
  fetch: async (places) => {
    await places.fetchSourceFiles();
    const files = JSON.stringify(await places.sourceFiles());
    await writeFile(join(places.folder, 'files.json'), files);
  },
};
