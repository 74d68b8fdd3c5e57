import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  log,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { lifecycle, stagesOn } from './activities';
import { fanOut } from './fanOut';
import { WorkflowProgress } from './progress';
import type { Done, Plan, RunHandle, StageActivities, StageItem, TimeoutOptions } from './types';

/** Items of one stage that are handed out at once: enough for many workers, and other runs get their turn. */
const itemsAtOnce = 64;

/** Of Temporal's range: 1 goes first. */
const highestPriority = 1;
const lowestPriority = 5;

/** What a recipe is called with. */
export interface PipelineArguments {
  run: RunHandle;
  timeouts: TimeoutOptions;
  /** Of a workflow that goes on in place of another. */
  done?: Done | undefined;
}

/** The verbs that every training recipe is written with. */
export interface Pipeline {
  /** @returns what the stage has for the recipe (see StageType.returns) */
  stage<T>(name: string): Promise<T>;
  /**
   * A stage whose items are worked on at once, by as many workers as there are. A training without such a
   * stage has no items.
   * @returns what each item has for the recipe, in their order
   */
  each<T>(name: string): Promise<T[]>;
  report(): Promise<void>;
  /** The model is complete from here on. */
  finish(): Promise<void>;
  deployIfAsked(): Promise<void>;
}

/**
 * Runs a recipe so that it always ends in a status: `complete`, `failed` with a reason, or
 * `stopped` when somebody cancelled it. When the history grows long, the workflow goes on as a new one,
 * which repeats the recipe and skips what is done.
 */
export async function runPipeline(
  given: PipelineArguments,
  recipe: (pipeline: Pipeline) => Promise<void>,
): Promise<void> {
  const { run } = given;
  const progress = new WorkflowProgress();
  try {
    const plan = await lifecycle.begin(run);
    await recipe(new TrainingPipeline(given, progress, plan));
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (progress.isComplete) {
      log.error('the model is complete; what came after it failed', {
        error: failureOf(error).message,
      });
      return;
    }
    await CancellationScope.nonCancellable(async () => {
      const failure = failureOf(error);
      if (isCancellation(error) || failure.kind === 'cancelled') {
        await lifecycle.stop(run);
        progress.settle('stopped');
        return;
      }
      await lifecycle.fail(run, failure);
      progress.settle('failed');
    });
    throw error;
  }
}

class TrainingPipeline implements Pipeline {
  private readonly run: RunHandle;
  private readonly done: Done;
  private begunStages = 0;

  constructor(
    private readonly given: PipelineArguments,
    private readonly progress: WorkflowProgress,
    private readonly plan: Plan | undefined,
  ) {
    this.run = given.run;
    this.done = given.done ?? { stages: {}, items: {} };
    if (given.done) progress.begun();
  }

  async stage<T>(name: string): Promise<T> {
    const activities = this.nextStages(name);
    if (!(name in this.done.stages)) {
      if (isLong()) await this.continue();
      this.progress.enter(name);
      const { value } = await activities[name]!(this.run);
      this.progress.begun();
      this.done.stages[name] = value ?? null;
    }
    return this.done.stages[name] as T;
  }

  async each<T>(name: string): Promise<T[]> {
    if (this.plan?.stages?.includes(name) === false) return [];
    this.progress.enter(name);
    const items = await this.itemsOf(name);
    if (items.length === 0) return [];
    const activities = this.nextStages(name);
    const done = (this.done.items[name] ??= {});
    const left = items.map(toItem).filter(({ number }) => !(number in done));
    await fanOut(
      left,
      itemsAtOnce,
      () => !isLong(),
      async (item) => {
        const { value } = await activities[name]!(this.run, this.isOlder ? item.number : item);
        this.progress.begun();
        done[item.number] = value ?? null;
      },
    );
    if (Object.keys(done).length < items.length) await this.continue();
    return items.map((_, number) => done[number] as T);
  }

  async report(): Promise<void> {
    this.progress.enter('report');
    const { score } = await lifecycle.report(this.run);
    if (score !== null) this.progress.score(score);
  }

  async finish(): Promise<void> {
    await lifecycle.finish(this.run);
    this.progress.settle('complete');
  }

  async deployIfAsked(): Promise<void> {
    // The model is complete: what goes wrong now is the deployment's, and stands in its status.
    await CancellationScope.nonCancellable(() => lifecycle.deploy(this.run));
  }

  /**
   * Later stages go first, so that what was begun is finished; among equals owners take turns. An owner's
   * only training does not wait for the later stages of what others have begun.
   */
  private nextStages(name: string): StageActivities {
    const later = Math.max(highestPriority, lowestPriority - this.begunStages++);
    return stagesOn(this.plan?.queues?.[name] ?? 'cpu', this.given.timeouts, {
      priorityKey: this.plan?.onlyOfOwner ? highestPriority : later,
      fairnessKey: this.run.ownerId,
    });
  }

  private async itemsOf(name: string): Promise<readonly unknown[]> {
    if (!this.isOlder) return lifecycle.items(this.run, name);
    const count = this.run.embeds ? await lifecycle.countShards(this.run) : 0;
    return Array.from({ length: count });
  }

  /** Whether the workflow began before stages declared their items. */
  private get isOlder(): boolean {
    return !patched('items');
  }

  private continue(): Promise<never> {
    return continueAsNew(this.run, this.given.timeouts, this.done);
  }
}

function isLong(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

function toItem(value: unknown, number: number): StageItem {
  return { number, value };
}

/** The kind and the short message that an activity's failure carries. */
function failureOf(error: unknown): { kind: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { kind: cause.type ?? 'bug', message: cause.message };
  }
  return { kind: 'bug', message: cause instanceof Error ? cause.message : String(cause) };
}
