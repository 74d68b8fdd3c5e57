import type { DatasetSchema } from '../../data/dataset';
import type { StageRun } from '../contract/stageInput';

/** What the rows of a part are that a stage left as a dataset, without fetching them; undefined without the part. */
export async function datasetSchema(
  run: StageRun<unknown>,
  stage: string,
  part: 'train' | 'test',
): Promise<DatasetSchema | undefined> {
  const schema = await run.readOutput(stage, `${part}/dataset.json`);
  return schema && (JSON.parse(schema.toString('utf8')) as DatasetSchema);
}

/** Names the rows of both parts: the same rows from other files are the same. */
export async function rowsOf(
  run: StageRun<unknown>,
  stage: string,
): Promise<{ train: string | null; test: string | null }> {
  const hash = async (part: 'train' | 'test') =>
    (await datasetSchema(run, stage, part))?.rowHash ?? null;
  return { train: await hash('train'), test: await hash('test') };
}
