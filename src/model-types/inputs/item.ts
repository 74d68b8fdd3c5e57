import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageInput } from '../contract/stageInput';

/** `item.json`: which item of a stage that fans out this is. */
export const item: StageInput<unknown> = {
  identity: ({ item: value }) => Promise.resolve(value),
  fetch: (places) => writeFile(join(places.folder, 'item.json'), JSON.stringify(places.item)),
};
