import type {
  LifecycleActivities,
  RunHandle,
  StageActivities,
  StageName,
} from '../workflows/types';
import type { ActivityDependencies } from './dependencies';
import { deploy } from './run/deploy';
import { toTemporalFailure } from './attempt/failures';
import { recordFailure } from './attempt/recordFailure';
import { runStage } from './attempt/runStage';
import type { OpenInputs } from './attempt/stageInputs';
import { countShards, embedInputs } from './inputs/embed';
import { evaluateInputs } from './inputs/evaluate';
import { extractInputs } from './inputs/extract';
import { preprocessInputs } from './inputs/preprocess';
import { trainInputs } from './inputs/train';
import { begin, fail, finish, stop } from './run/lifecycle';
import { report } from './run/report';

/** The activities of the `cpu` queue. */
export function createStageActivities(deps: ActivityDependencies): StageActivities {
  const heavy = (stage: StageName, inputs: OpenInputs) =>
    guarded(deps, (run: RunHandle, shard?: number) =>
      deps.metrics.attempt(stage, () => runStage(deps, stage, inputs, run, shard)),
    );
  return {
    extract: heavy('extract', extractInputs),
    preprocess: heavy('preprocess', preprocessInputs),
    embed: heavy('embed', embedInputs),
    train: heavy('train', trainInputs),
    evaluate: heavy('evaluate', evaluateInputs),
  };
}

/** The short writes that workflows make themselves, as local activities. */
export function createLifecycleActivities(deps: ActivityDependencies): LifecycleActivities {
  return {
    begin: guarded(deps, (run) => begin(deps, run)),
    countShards: guarded(deps, (run) => countShards(deps, run)),
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
