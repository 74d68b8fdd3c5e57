import { packedParts, type PackedArray, unpackArrays } from '../../../bundle/packedArrays';
import type { CrfState } from '../../../ml/crf/crfState';

/** Weights that a phase has come to. */
export interface FittedWeights {
  weights: Float32Array;
  transitions: Float64Array;
}

/** All that a training has found so far: what a checkpoint holds. */
export interface TrainState {
  /** What the outside label is worth less by; null: not chosen yet. */
  penalty: number | null;
  /** Of the train part; null: not trained yet. */
  fitted: FittedWeights | null;
  /** Mean loss of a sentence of the train part, by pass. */
  losses: number[];
  /** The phase under way. */
  crf: CrfState | null;
}

export function emptyState(): TrainState {
  return { penalty: null, fitted: null, losses: [], crf: null };
}

const crfArrays = [
  'weights',
  'transitions',
  'weightSums',
  'transitionSums',
  'rowSquares',
  'transitionSquares',
] as const;

export function encodeState({ penalty, fitted, losses, crf }: TrainState): Uint8Array[] {
  const arrays = new Map<string, PackedArray>();
  if (fitted) {
    arrays.set('fitted.weights', fitted.weights);
    arrays.set('fitted.transitions', fitted.transitions);
  }
  if (!crf) return packedParts({ penalty, losses, crf: null }, arrays);
  for (const name of crfArrays) arrays.set(name, crf[name]);
  const { updates, passes, place, loss, losses: own } = crf;
  return packedParts(
    { penalty, losses, crf: { updates, passes, place, loss, losses: own } },
    arrays,
  );
}

export function decodeState(bytes: Uint8Array): TrainState {
  const { meta, arrays } = unpackArrays(bytes);
  const { penalty, losses, crf } = meta as Pick<TrainState, 'penalty' | 'losses' | 'crf'>;
  const weights = arrays.get('fitted.weights') as Float32Array | undefined;
  const transitions = arrays.get('fitted.transitions') as Float64Array | undefined;
  const fitted = weights && transitions ? { weights, transitions } : null;
  const named = Object.fromEntries(crfArrays.map((name) => [name, arrays.get(name)]));
  return { penalty, losses, fitted, crf: crf && { ...crf, ...named } };
}
