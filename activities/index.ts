import type {
  LifecycleActivities,
  RunHandle,
  StageActivities,
  StageName,
} from '../workflows/types';
import type { ActivityDependencies } from './dependencies';
import { deploy } from './deploy';
import { countShards, prepareEmbed } from './embed';
import { prepareEvaluate } from './evaluate';
import { prepareExtract } from './extract';
import { toTemporalFailure } from './failures';
import { runHeavyStage } from './heavyStage';
import { begin, fail, finish, stop } from './lifecycle';
import { noteFailure } from './noteFailure';
import { preparePreprocess } from './preprocess';
import { report } from './report';
import type { PrepareStage } from './stagePlan';
import { prepareTrain } from './train';

/** The activities of the `cpu` queue. */
export function createStageActivities(deps: ActivityDependencies): StageActivities {
  const heavy = (stage: StageName, prepare: PrepareStage) =>
    guarded(deps, (run: RunHandle, shard?: number) =>
      deps.metrics.attempt(stage, () => runHeavyStage(deps, stage, prepare, run, shard)),
    );
  return {
    extract: heavy('extract', prepareExtract),
    preprocess: heavy('preprocess', preparePreprocess),
    embed: heavy('embed', prepareEmbed),
    train: heavy('train', prepareTrain),
    evaluate: heavy('evaluate', prepareEvaluate),
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
      await noteFailure(deps, args[0], error);
      throw toTemporalFailure(error);
    }
  };
}
