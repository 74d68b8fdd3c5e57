import type { ReadableStore } from '../../src/artifacts/artifactStore';
import { readTreeFile, type TreeRef } from '../../src/artifacts/trees/tree';
import type { DatasetSchema } from '../../src/data/dataset';

/** What the extracted rows of a part are, without fetching them; undefined when there is no such part. */
export async function datasetSchema(
  store: ReadableStore,
  extracted: TreeRef,
  part: 'train' | 'test',
): Promise<DatasetSchema | undefined> {
  const schema = await readTreeFile(store, extracted, `${part}/dataset.json`);
  return schema && (JSON.parse(schema.toString('utf8')) as DatasetSchema);
}
