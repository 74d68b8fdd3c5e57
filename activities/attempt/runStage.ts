import { Context } from '@temporalio/activity';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { saveCacheKey, withdrawAttempt, type StageRow } from '../../src/database/runs/stages';
import type { StepVersions } from '../../src/database/runs/stageVersions';
import { getModelType } from '../../src/model-types/registry';
import { stageOf as stageTypeOf, versionsUpTo } from '../../src/model-types/stages';
import type { openStageInputs, StageInputs } from '../../src/stage-inputs/stageInputs';
import { stageKey } from '../../src/database/runs/stageKey';
import { readOutputJson } from '../../src/training/runContext';
import type { RunHandle, StageItem, StageResult } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';
import { loadRunContext, type RunContext } from '../../src/training/runContext';
import type { Attempt } from './attempt';
import { claimAttempt, currentStage } from './claim';
import { endAttempt, failStage } from './endAttempt';
import { cancelledByOwner, waitForBuilder } from './failures';
import { AttemptHeartbeat } from './heartbeat';
import { throughOutages } from './outages';
import { publishFolder, publishHit } from './publish';
import { AttemptRecorder } from './recorder';
import { replayCachedWarnings } from './replayCachedWarnings';
import { runInAllocation } from './runInAllocation';
import type { RunningAttempt } from './runningAttempt';
import { cacheKeyOf, claimFromCache, isBeingBuilt } from './stepCache';

/** A stage, or one item of a stage that fans out. */
export interface StageWork {
  name: string;
  item?: StageItem | undefined;
}

/**
 * One attempt of a stage, or of one of its items, from claim to publication. It may be repeated at any point: a
 * published stage answers at once, one whose result another training builds costs a look, and an older
 * attempt that is still alive can write nothing.
 */
export async function runStage(
  deps: ActivityDependencies,
  work: StageWork,
  handle: RunHandle,
  openInputs: typeof openStageInputs,
): Promise<StageResult> {
  const context = await loadRunContext(deps.database, handle.runId);
  if (context.run.cancel_requested) throw cancelledByOwner();
  const type = getModelType(context.model.type);
  const { name } = work;
  const stage = stageKey(name, work.item?.number);
  const cache = await publishStageResult(deps, context, { ...work, stage }, handle, openInputs);
  const { returns } = stageTypeOf(type, name);
  if (returns === undefined) return { cache };
  const done = await loadRunContext(deps.database, handle.runId);
  const value = await readOutputJson<unknown>(deps.store, done, name, returns, work.item?.number);
  return { cache, value };
}

/** @returns how the stage got its result, once that is published */
async function publishStageResult(
  deps: ActivityDependencies,
  context: RunContext,
  { name, item, stage }: StageWork & { stage: string },
  handle: RunHandle,
  openInputs: typeof openStageInputs,
): Promise<StageResult['cache']> {
  const versions = versionsUpTo(getModelType(context.model.type), name);
  const claim = await claimUnlessBuilt(deps, context, stage, versions).catch(
    async (error: unknown) => {
      throw await failStage(deps, { runId: handle.runId, stage }, handle, error);
    },
  );
  if (claim.output) return claim.cache;
  const running = beginAttempt(deps, context, { name, stage, item: item?.number }, claim);
  const target = {
    stage: name,
    item: item?.value,
    folder: join(running.folder, 'inputs'),
    signal: running.heartbeat.signal,
  };
  try {
    await makeFolders(running.folder);
    return await makeResult(running, openInputs(deps, context, target));
  } catch (error) {
    throw await endAttempt(running, handle, error);
  } finally {
    await running.heartbeat.stop();
    await rm(running.folder, { recursive: true, force: true });
  }
}

/** @throws ApplicationFailure `waiting` when another training builds the result, as far as is known by now */
async function claimUnlessBuilt(
  deps: ActivityDependencies,
  context: RunContext,
  stage: string,
  versions: StepVersions,
): Promise<StageRow> {
  const known = await currentStage(deps, context, stage, versions);
  if (known?.output) return known;
  if (known?.cache_key && (await isBeingBuilt(deps, context, stage, known.cache_key))) {
    throw waitForBuilder(waitedMs());
  }
  return claimAttempt(deps, context, stage, versions);
}

function beginAttempt(
  deps: ActivityDependencies,
  context: RunContext,
  stage: Pick<Attempt, 'name' | 'stage' | 'item'>,
  claim: StageRow,
): RunningAttempt {
  const { run, model } = context;
  const { fence, attempts: number } = claim;
  const attempt: Attempt = { runId: run.id, modelId: model.id, ...stage, fence, number };
  const recorder = new AttemptRecorder(deps.database, attempt);
  const heartbeat = new AttemptHeartbeat(deps, attempt, recorder);
  const outages: RunningAttempt['outages'] = {
    patienceMs: deps.config.worker.outageMs,
    signal: heartbeat.signal,
    onOutage: (what, error) => {
      deps.logger.warn({ err: error, ...attempt }, `waiting for ${what}`);
      recorder.waiting(what);
    },
  };
  const folder = join(deps.workFolder, `${run.id}-${attempt.stage}-${fence}`);
  return { deps, context, attempt, claim, folder, recorder, heartbeat, outages };
}

async function makeFolders(folder: string): Promise<void> {
  // Left over when this very process was suspended in the middle of the same attempt.
  await rm(folder, { recursive: true, force: true });
  for (const part of ['inputs', 'outputs', 'checkpoints']) {
    await mkdir(join(folder, part), { recursive: true });
  }
}

/** What identifies the result is found out first, then the cache is asked, and only then the inputs are fetched. */
async function makeResult(
  running: RunningAttempt,
  inputs: StageInputs,
): Promise<StageResult['cache']> {
  const { deps, context, attempt, claim, folder, recorder, heartbeat, outages } = running;
  const key = cacheKeyOf(attempt.name, await inputs.identity?.());
  if (key !== claim.cache_key) await saveCacheKey(deps.database, attempt, key);
  const ticket = await claimFromCache(deps, context, attempt, key);
  if (ticket.answer === 'pending') {
    await withdrawAttempt(deps.database, attempt);
    throw waitForBuilder(waitedMs());
  }
  if (ticket.answer === 'hit') {
    await replayCachedWarnings(deps.store, ticket.output, recorder);
    await publishHit(deps, attempt, ticket);
    return 'hit';
  }
  if (ticket.answer === 'build') heartbeat.lease = ticket.lease;
  await inputs.fetch();
  await runInAllocation(running);
  return throughOutages(outages, async () => {
    // What the stage said last is read before the news that it has ended.
    await recorder.flush(true);
    return publishFolder(deps, attempt, join(folder, 'outputs'), ticket);
  });
}

function waitedMs(): number {
  return Date.now() - Context.current().info.scheduledTimestampMs;
}
