import type { ProblemResult } from '../../../ml/linear/problemTask';
import type { SolverSnapshot } from '../../../ml/linear/svmSolver';
import { packedParts, unpackArrays, type PackedArray } from '../../../bundle/packedArrays';
import type { UnfinishedProblem } from './solverPool';

/** All that a training has found so far: what a checkpoint holds. */
export interface TrainState {
  /** Results on the train part, in the order of label and fold. */
  fit: ProblemResult[];
  /** Results of the second training, on all rows. */
  refit: ProblemResult[];
  /** Problems on their way, of the second training once it has begun. */
  unfinished: UnfinishedProblem[];
}

export function emptyState(): TrainState {
  return { fit: [], refit: [], unfinished: [] };
}

interface ResultMeta {
  label: number;
  fold: number;
  losses: number[];
}

type SnapshotMeta = Omit<SolverSnapshot, 'weights' | 'alpha' | 'order' | 'active'>;

/** JSON has no infinities, and the bounds of a solver start with them. */
type Bounds = Record<'highest' | 'lowest', string>;

interface StateMeta {
  fit: ResultMeta[];
  refit: ResultMeta[];
  unfinished: { label: number; fold: number; solver: SnapshotMeta; bounds: Bounds }[];
}

export function encodeState(state: TrainState): Uint8Array[] {
  const arrays = new Map<string, PackedArray>();
  const results = (phase: 'fit' | 'refit'): ResultMeta[] =>
    state[phase].map(({ label, fold, losses, support, scores }, i) => {
      if (support) arrays.set(`${phase}.${i}.rows`, support.rows);
      if (support) arrays.set(`${phase}.${i}.alpha`, support.alpha);
      if (scores) arrays.set(`${phase}.${i}.scores`, scores);
      return { label, fold, losses };
    });
  const started = state.unfinished.filter((problem) => problem.snapshot !== undefined);
  const meta: StateMeta = {
    fit: results('fit'),
    refit: results('refit'),
    unfinished: started.map(({ label, fold, snapshot }, i) => {
      const { weights, alpha, order, active, ...solver } = snapshot!;
      for (const [name, array] of Object.entries({ weights, alpha, order, active })) {
        arrays.set(`unfinished.${i}.${name}`, array);
      }
      const bounds = { highest: `${solver.highest}`, lowest: `${solver.lowest}` };
      return { label, fold, solver, bounds };
    }),
  };
  return packedParts(meta, arrays);
}

export function decodeState(packed: Uint8Array): TrainState {
  const { meta, arrays } = unpackArrays(packed);
  const { fit, refit, unfinished } = meta as StateMeta;
  const results = (phase: 'fit' | 'refit', list: ResultMeta[]): ProblemResult[] =>
    list.map((result, i) => {
      const rows = arrays.get(`${phase}.${i}.rows`) as Int32Array | undefined;
      const alpha = arrays.get(`${phase}.${i}.alpha`) as Float64Array;
      const scores = arrays.get(`${phase}.${i}.scores`) as Float32Array | undefined;
      return { ...result, ...(rows && { support: { rows, alpha } }), ...(scores && { scores }) };
    });
  return {
    fit: results('fit', fit),
    refit: results('refit', refit),
    unfinished: unfinished.map(({ label, fold, solver, bounds }, i) => ({
      label,
      fold,
      snapshot: {
        ...solver,
        highest: Number(bounds.highest),
        lowest: Number(bounds.lowest),
        weights: arrays.get(`unfinished.${i}.weights`) as Float64Array,
        alpha: arrays.get(`unfinished.${i}.alpha`) as Float64Array,
        order: arrays.get(`unfinished.${i}.order`) as Int32Array,
        active: arrays.get(`unfinished.${i}.active`) as Int32Array,
      },
    })),
  };
}
