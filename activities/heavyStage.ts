import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publishTree, type TreeRef } from '../src/artifacts/tree';
import { fillCacheEntry, holdCacheEntry, releaseCacheClaim } from '../src/database/cacheEntries';
import { appendEvent } from '../src/database/events';
import {
  claimStage,
  forgiveAttempt,
  publishStage,
  unpublishStage,
  type CacheUse,
  type StageRow,
} from '../src/database/stages';
import { TrainyardError } from '../src/errors';
import type { RunHandle, StageName, StageResult } from '../workflows/types';
import { AttemptJournal, type Attempt } from './attemptJournal';
import { AttemptPulse } from './attemptPulse';
import type { ActivityDependencies } from './dependencies';
import { loadRunContext, stageKey, type RunContext } from './runContext';
import { runInAllocation } from './runInAllocation';
import { claimFromCache, type CacheTicket } from './stepCache';
import { tellWhatIsCached } from './tellWhatIsCached';
import type { PrepareStage } from './stagePlan';

/** Attempts without a newer checkpoint before a run is given up. */
const MAX_FRUITLESS_ATTEMPTS = 5;

/**
 * One attempt of a heavy stage, or of one of its shards, from claim to publication. It may be repeated at any point: a
 * published stage answers at once, and an older attempt that is still alive can write nothing.
 */
export async function runHeavyStage(
  deps: ActivityDependencies,
  name: StageName,
  prepare: PrepareStage,
  handle: RunHandle,
  shard?: number,
): Promise<StageResult> {
  const context = await loadRunContext(deps.database, handle.runId);
  const stage = stageKey(name, shard);
  const claim = await claimAttempt(deps, context, stage);
  if (claim.output) return { state: 'published', cache: claim.cache };

  const { runId, modelId, ownerId } = handle;
  const attempt: Attempt = { runId, modelId, ownerId, name, stage, shard, fence: claim.fence };
  const journal = new AttemptJournal(deps.database, attempt);
  const pulse = new AttemptPulse(deps, attempt, journal);
  const folder = join(deps.workFolder, `${runId}-${stage}-${claim.fence}`);
  try {
    await makeFolders(folder);
    const inputs = join(folder, 'inputs');
    const prepared = await prepare(deps, context, inputs, pulse.signal, shard);
    const ticket = await claimFromCache(deps, context, attempt, prepared.identity);
    if (ticket.answer === 'wait') {
      await forgiveAttempt(deps.database, runId, stage, claim.fence);
      return { state: 'wait' };
    }
    if (ticket.answer === 'made') {
      await tellWhatIsCached(deps.store, ticket.output, journal);
      await publish(deps, attempt, ticket.output, 'hit', ticket);
      return { state: 'published', cache: 'hit' };
    }
    if (ticket.answer === 'make') pulse.lease = ticket;
    await prepared.layInputs();
    await runInAllocation(deps, context, attempt, claim, folder, journal, pulse.signal);
    // What the stage said last is read before the news that it has ended.
    await journal.flush();
    const cache = await publishOutputs(deps, attempt, join(folder, 'outputs'), ticket);
    return { state: 'published', cache };
  } catch (error) {
    if (pulse.lease) await giveBack(deps, attempt, pulse.lease);
    throw await pulse.explain(error);
  } finally {
    await pulse.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes the fence, unless the result is there already (and its artifacts still are). */
async function claimAttempt(
  deps: ActivityDependencies,
  { run: { id: runId, error } }: RunContext,
  stage: string,
): Promise<StageRow> {
  let claim = await claimStage(deps.database, runId, stage);
  if (claim.output && (await deps.store.size(claim.output.manifest.key)) === undefined) {
    await unpublishStage(deps.database, runId, stage);
    claim = await claimStage(deps.database, runId, stage);
  }
  if (!claim.output && claim.attempts > MAX_FRUITLESS_ATTEMPTS) {
    throw new TrainyardError(
      'limit',
      'no_progress',
      `the ${stage} stage was tried ${MAX_FRUITLESS_ATTEMPTS} times without getting further` +
        (error ? `. The last time: ${error.message} [${error.code}]. ` : ': see its logs. ') +
        'POST …/retry goes on once the cause is gone',
    );
  }
  return claim;
}

async function makeFolders(folder: string): Promise<void> {
  // Left over when this very process was suspended in the middle of the same attempt.
  await rm(folder, { recursive: true, force: true });
  for (const part of ['inputs', 'outputs', 'checkpoints']) {
    await mkdir(join(folder, part), { recursive: true });
  }
}

/** null: a stage whose results are never cached. */
function cacheUseOf({ answer }: CacheTicket): CacheUse | null {
  if (answer === 'make') return 'made';
  return answer === 'off' ? 'off' : null;
}

async function publishOutputs(
  deps: ActivityDependencies,
  attempt: Attempt,
  outputs: string,
  ticket: CacheTicket,
): Promise<CacheUse | null> {
  const owner =
    ticket.answer === 'make' ? ticket.prefix : `runs/${attempt.runId}/${attempt.stage}/`;
  const prefix = `${owner}${attempt.runId}-${attempt.fence}/`;
  const output = await publishTree(deps.store, prefix, outputs);
  const cache = cacheUseOf(ticket);
  try {
    await publish(deps, attempt, output, cache, ticket);
  } catch (error) {
    if (error instanceof TrainyardError) await deps.store.deletePrefix(prefix);
    throw error;
  }
  return cache;
}

async function publish(
  deps: ActivityDependencies,
  { runId, modelId, ownerId, stage, fence }: Attempt,
  output: TreeRef,
  cache: CacheUse | null,
  ticket: CacheTicket,
): Promise<void> {
  const published = await deps.database.transaction(async (tx) => {
    if (!(await publishStage(tx, runId, stage, fence, output, cache))) return false;
    if (ticket.answer === 'make') {
      await fillCacheEntry(tx, ownerId, ticket.key, ticket.maker, output);
    }
    if (ticket.answer === 'made' && !(await holdCacheEntry(tx, ownerId, ticket.key, output))) {
      throw new TrainyardError(
        'infrastructure',
        'cached_step_replaced',
        `the cached result of the ${stage} stage was replaced or deleted just before it was used`,
      );
    }
    await appendEvent(tx, modelId, 'stage_published', { stage, fence, cache }, 'worker');
    // What failed before the work got this far explains nothing that fails later.
    await tx.query('UPDATE run SET error = NULL WHERE id = $1 AND error IS NOT NULL', [runId]);
    return true;
  });
  if (!published) {
    throw new TrainyardError('infrastructure', 'fenced', `a newer attempt owns the ${stage} stage`);
  }
  await deps.store.deletePrefix(`runs/${runId}/checkpoints/${stage}/`);
}

/** Lets whoever waits for the same result try at once; an expired lease would do it later. */
async function giveBack(
  deps: ActivityDependencies,
  { ownerId }: Attempt,
  lease: { key: string; maker: string },
): Promise<void> {
  await releaseCacheClaim(deps.database, ownerId, lease.key, lease.maker).catch(() => undefined);
}
