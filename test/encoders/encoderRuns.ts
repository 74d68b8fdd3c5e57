import { writeTinyEncoder } from '../../src/encoders/testing/tinyEncoder';
import type { ApiClient } from '../support/apiClient';
import { scratchFolder } from '../support/shared';
import type { TrainEvent } from '../durability/disturbedTraining';

const patienceMs = 5 * 60_000;

/** Adds the encoder "tiny" to the platform on which `command` runs a command of the program. */
export async function addTinyEncoder(
  command: (...args: string[]) => Promise<string>,
): Promise<void> {
  const folder = scratchFolder('tiny-encoder');
  writeTinyEncoder(folder);
  await command('encoders', 'add', folder, '--name', 'tiny');
}

/** Starts a training from the encoder "tiny"; the id of the model. */
export function startFromTiny(
  client: ApiClient,
  name: string,
  upload: string,
  modelOptions: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  const columns = { text_column: 'text', label_column: 'label', n_target_classes: 4 };
  return client.trainText(name, upload, {
    model_options: { ...columns, encoder: 'tiny', ...modelOptions },
    ...more,
  });
}

/** One stage of a run, as the API tells it. */
export interface StageOfRun {
  stage: string;
  state: string;
  cache: string | null;
  checkpoint_step: number | null;
  shards?: { begun: number; published: number };
}

/** Where a run stands, as the API tells it. */
export interface RunProgress {
  progress: { stage: string; done: number; total?: number } | null;
  stages: StageOfRun[];
}

export const progressOf = (client: ApiClient, model: string): Promise<RunProgress> =>
  client.get(`/api/v2/train/${model}/progress`);

/** sha256 of each file of a model, once it is trained. */
export async function filesOf(client: ApiClient, model: string): Promise<Record<string, string>> {
  await client.waitForStatus(model, 'complete', patienceMs);
  const { lineage } = await client.get<{ lineage: { model_files: Record<string, string> } }>(
    `/api/v2/train/${model}/report`,
  );
  return lineage.model_files;
}

/** The stages that a process had to begin more than once, with a line for each time after the first. */
export function begunAgain(events: readonly TrainEvent[]): unknown[] {
  const begun = events.filter(({ type }) => type === 'stage_started').map(({ data }) => data.stage);
  return begun.filter((stage, i) => begun.indexOf(stage) < i);
}
