import { TrainyardError } from '../errors';
import { exportedBytes, type WeightPrecision } from '../ml/onnx/linear';

/** What a model file may take before its weights are packed to half precision, in bytes. */
export const modelBudget = 200e6;
/** A protobuf message ends here, in bytes. */
export const protobufLimit = 2 ** 31 - 1;

/** Full precision within the budget, half precision over it; throws `model_too_large` where neither fits. */
export function choosePrecision(rows: number, labels: number): WeightPrecision {
  if (exportedBytes(rows, labels, 'float32') <= modelBudget) return 'float32';
  const packed = exportedBytes(rows, labels, 'float16');
  if (packed <= protobufLimit) return 'float16';
  const gb = (packed / 1e9).toFixed(1);
  throw new TrainyardError(
    'limit',
    'model_too_large',
    `a model of ${rows} features and ${labels} labels takes ${gb} GB, a model file can have 2.1 GB. Train with fewer labels`,
  );
}
