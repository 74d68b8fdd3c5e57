import { exportedBytes } from '../../../ml/onnx/linear';
import { modelBudget } from '../../../bundle/bundleSize';

/** The constants of the trainer, chosen by `bench/accuracy/choose.ts` on a validation cut of the train parts. */
export const trainerSettings = {
  /** C of the support vector machines: what a row's loss costs against the size of the weights. */
  cost: 1,
  /** Ends a problem: the range of the projected gradient, 0 to 1; see SvmSolver. */
  tolerance: 0.2,
  /** The same for the problems of folds, which only need scores that are about right. */
  foldTolerance: 0.3,
  /** Passes that a problem may take while the trainer chooses. */
  maxPasses: 300,
  /** Parts that the train rows are cut into to score each by a model that has not seen it. */
  folds: 3,
  /** Scores of rows by models that have not seen them, at most: rows × labels. */
  maxFoldScores: 8e6,
  /** A feature that fewer rows have is left out. Small data has none to spare. */
  minRows: (rows: number): number => (rows < 1000 ? 1 : 2),
  /** So many features that the model file stays within its budget, at half precision when need be. */
  maxFeatures: (labels: number): number => {
    const bytesPerFeature =
      exportedBytes(1, labels, 'float16') - exportedBytes(0, labels, 'float16');
    const fixed = exportedBytes(0, labels, 'float16');
    return Math.max(1, Math.floor((modelBudget - fixed) / bytesPerFeature));
  },
};
