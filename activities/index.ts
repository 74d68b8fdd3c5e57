import { modelTypes } from '../src/model-types/registry';
import { openStageInputs } from '../src/stage-inputs/stageInputs';
import type { LifecycleActivities, RunHandle, StageActivities } from '../workflows/types';
import { toTemporalFailure } from './attempt/failures';
import { recordFailure } from './attempt/recordFailure';
import { runStage } from './attempt/runStage';
import type { ActivityDependencies } from './dependencies';
import { deploy } from './run/deploy';
import { itemOf, items } from './run/items';
import { begin, fail, finish, stop } from './run/lifecycle';
import { report } from './run/report';

/** The stages of all kinds of model: each name is an activity, and whose stage it is says the run. */
export function createStageActivities(deps: ActivityDependencies): StageActivities {
  const names = new Set(modelTypes().flatMap(({ stages }) => Object.keys(stages)));
  const activity = (name: string): StageActivities[string] =>
    guarded(deps, (run, given) =>
      deps.metrics.attempt(name, async () => {
        const item = await itemOf(deps, run, name, given);
        return runStage(deps, { name, item }, run, openStageInputs);
      }),
    );
  return Object.fromEntries([...names].map((name) => [name, activity(name)]));
}

/** The short writes that workflows make themselves, as local activities. */
export function createLifecycleActivities(deps: ActivityDependencies): LifecycleActivities {
  return {
    begin: guarded(deps, (run) => begin(deps, run)),
    items: guarded(deps, (run, stage) => items(deps, run, stage)),
    countShards: guarded(deps, async (run) => (await items(deps, run, 'embed')).length),
    report: guarded(deps, (run) => report(deps, run)),
    finish: guarded(deps, (run) => finish(deps, run)),
    deploy: guarded(deps, (run) => deploy(deps, run)),
    fail: guarded(deps, (run, failure) => fail(deps, run, failure)),
    stop: guarded(deps, (run) => stop(deps, run)),
  };
}

/** Turns whatever an activity throws into what Temporal and people should see. */
function guarded<Arguments extends [RunHandle, ...unknown[]], Result>(
  deps: ActivityDependencies,
  activity: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      await recordFailure(deps, args[0], error);
      throw toTemporalFailure(error);
    }
  };
}
