import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, type ApiClient } from '../support/apiClient';
import { until } from '../support/poll';
import type { Stack } from '../support/stack';
import { textsCsv } from '../support/texts';
import { allocationsBelow } from '../support/processes';

type Stage = 'extract' | 'preprocess' | 'train' | 'evaluate';

/** Once the train stage has published a checkpoint, once a stage works, or once it has published. */
export type Moment = { atStep: number } | { inStage: Stage } | { afterStage: Stage };

/** Something that goes wrong. */
export type Strike = Moment & { strike: () => void | Promise<void> };

export interface TrainEvent {
  type: string;
  data: Record<string, unknown>;
}

export interface Outcome {
  model: string;
  /** sha256 of each file of the model. */
  modelFiles: Record<string, string>;
  events: TrainEvent[];
  /** The newest checkpoint before each strike; 0 before the first. */
  stepsAtStrikes: number[];
  /** How many checkpoints were seen while it trained. */
  checkpoints: number;
  seconds: number;
}

/** Passes that make one training last 40 s and more on two cores: about 20 checkpoints. */
export const longEnough: Work = { rows: 3000, classes: 12, epochs: 1600 };

/** What is trained on, and at most how long. */
export interface Work {
  rows: number;
  classes: number;
  epochs: number;
}

const patienceMs = 10 * 60_000;

/** Trains while strikes come, and tells how it ended. The cache is off, so every stage works. */
export async function trainUnder(
  client: ApiClient,
  name: string,
  strikes: Strike[],
  { rows, classes, epochs } = longEnough,
): Promise<Outcome> {
  const csv = textsCsv({ rows, classes, seed: 11 });
  const upload = await patiently(() => client.upload([{ name: 'train.csv', content: csv }]));
  const begun = performance.now();
  const model = await client.trainText(name, upload, { cache: 'off', train_options: { epochs } });
  const stepsAtStrikes: number[] = [];
  for (const { strike, ...moment } of strikes) {
    stepsAtStrikes.push(await reached(client, model, moment));
    await strike();
  }
  let checkpoints = 0;
  await until(
    'the training is complete',
    async () => {
      checkpoints = Math.max(checkpoints, checkpointIn(await stagesOf(client, model)) ?? 0);
      return isComplete(client, model);
    },
    patienceMs,
  );
  const seconds = (performance.now() - begun) / 1000;
  const report = await patiently(() =>
    client.get<{ lineage: { model_files: Record<string, string> } }>(
      `/api/v2/train/${model}/report`,
    ),
  );
  return {
    model,
    modelFiles: report.lineage.model_files,
    events: await eventsOf(client, model),
    stepsAtStrikes,
    checkpoints,
    seconds,
  };
}

/** From which checkpoint each attempt at the train stage began; null for a fresh start. */
export function resumedSteps({ events }: Pick<Outcome, 'events'>): (number | null)[] {
  return events
    .filter(({ type, data }) => type === 'stage_started' && data['stage'] === 'train')
    .map(({ data }) => data['resumed_at'] as number | null);
}

/** The stages in the order of their publication. */
export function publishedStages({ events }: Pick<Outcome, 'events'>): unknown[] {
  return events.filter(({ type }) => type === 'stage_published').map(({ data }) => data['stage']);
}

/** What a run must not leave behind: processes, scratch folders, half-written objects. */
export async function leftovers(stack: Stack): Promise<string[]> {
  const processes = allocationsBelow(stack.home).map(({ command }) => command);
  const work = join(stack.home, 'work');
  const folders = await readdir(work);
  const scratch = await Promise.all(folders.map((folder) => readdir(join(work, folder))));
  const unfinished = await readdir(join(stack.home, 'artifacts', 'tmp')).catch(() => []);
  return [...processes, ...scratch.flat(), ...unfinished];
}

/** Waits for a moment; the newest checkpoint then. */
function reached(client: ApiClient, model: string, moment: Moment): Promise<number> {
  return until(
    `${JSON.stringify(moment)} is reached`,
    async () => {
      const stages = await stagesOf(client, model);
      if (isNow(moment, stages)) return checkpointIn(stages) ?? 0;
      if (await isComplete(client, model)) throw new Error('it is complete: too late to strike');
      return undefined;
    },
    patienceMs,
  );
}

function isNow(moment: Moment, stages: StageOfRun[]): boolean {
  if ('atStep' in moment) return (checkpointIn(stages) ?? 0) >= moment.atStep;
  if ('afterStage' in moment) return stateOf(moment.afterStage, stages) === 'published';
  const state = stateOf(moment.inStage, stages);
  if (state === 'published') throw new Error(`${moment.inStage} is done: too late to strike`);
  return state === 'running';
}

interface StageOfRun {
  stage: string;
  state: 'running' | 'published';
  checkpoint_step: number | null;
}

/** The stages that have begun; none while nobody answers. */
async function stagesOf(client: ApiClient, model: string): Promise<StageOfRun[]> {
  const path = `/api/v2/train/${model}/progress`;
  return (await answered(() => client.get<{ stages: StageOfRun[] }>(path)))?.stages ?? [];
}

function stateOf(name: Stage, stages: StageOfRun[]): StageOfRun['state'] | undefined {
  return stages.find(({ stage }) => stage === name)?.state;
}

/** The last published step; undefined before the first. */
function checkpointIn(stages: StageOfRun[]): number | undefined {
  return stages.find(({ stage }) => stage === 'train')?.checkpoint_step ?? undefined;
}

async function isComplete(client: ApiClient, model: string): Promise<boolean> {
  const reply = await answered(() => client.trainStatus(model));
  if (reply?.status === 'failed') throw new Error(reply.errors.join('; '));
  return reply?.status === 'complete';
}

/** Everything that has happened to a model. */
export async function eventsOf(client: ApiClient, model: string): Promise<TrainEvent[]> {
  const text = await patiently(async () =>
    (await client.fetch(`/api/v2/train/${model}/events`)).text(),
  );
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, type, data]) => ({
    type: type!,
    data: JSON.parse(data!) as Record<string, unknown>,
  }));
}

/** A struck platform may be silent or say 5xx, which counts as no answer; a refusal is thrown. */
async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
    return undefined;
  }
}

function patiently<T extends object | string>(ask: () => Promise<T>): Promise<T> {
  return until<T>('the platform answers', () => answered(ask));
}
