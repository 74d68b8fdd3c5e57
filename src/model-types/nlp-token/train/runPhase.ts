import { averaged, startState } from '../../../ml/crf/crfState';
import { CrfTrainer } from '../../../ml/crf/crfTrainer';
import type { Transitions } from '../../../ml/crf/lattice';
import type { Sequences } from '../../../ml/crf/sequences';
import type { Checkpoints } from '../../../stage/checkpoints';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { trainerSettings } from './trainerSettings';
import type { FittedWeights, TrainState } from './trainState';

/** Passes over the same rows. */
export interface Phase {
  /** As people read it: `all rows`. */
  what: string;
  rows: Int32Array;
  /** Where it ends: passes that the weights have then had, those of phases before it too. */
  passes: number;
  /** Weights to start from where no phase is under way. */
  from: FittedWeights | undefined;
  seed: number;
}

/** Sentences between two looks at the clock and the abort signal. */
const sentencesPerTurn = 64;

/**
 * Trains, saving checkpoints on the way; goes on with `state.crf` where there is one.
 * @param weightRows rows of the weights
 * @returns the averaged weights, and the loss of each pass
 */
export async function runPhase(
  context: StageContext,
  checkpoints: Checkpoints<TrainState>,
  state: TrainState,
  sequences: Sequences,
  weightRows: number,
  legal: Omit<Transitions, 'scores'>,
  { what, rows, passes, from, seed }: Phase,
): Promise<FittedWeights & { losses: number[] }> {
  const crf = (state.crf ??= startState(weightRows, legal.labels, from));
  const trainer = new CrfTrainer(sequences, rows, legal, { seed, rate: trainerSettings.rate }, crf);
  while (crf.passes < passes && rows.length > 0) {
    const isPassDone = trainer.advance(sentencesPerTurn);
    await nextTurn(context);
    if (isPassDone) {
      const loss = crf.losses.at(-1)!.toFixed(4);
      const detail = `${what}: pass ${crf.passes} of ${passes}, loss ${loss}`;
      context.progress({ done: crf.passes, total: passes, unit: 'epochs', detail });
    }
    await checkpoints.saveNowAndThen(state);
  }
  return { ...averaged(crf), losses: crf.losses };
}
