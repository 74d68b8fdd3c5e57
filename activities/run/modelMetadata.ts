import type { TreeRef } from '../../src/artifacts/trees/tree';
import type { RunRow } from '../../src/database/runs/runs';

/**
 * The `metadata` attribute of a trained model, every value a string, as clients of the Model Bazaar
 * API read it: parameters, bytes on disk and in memory, seconds of training, seconds of one answer.
 */
export function modelMetadata(run: RunRow, tree: TreeRef): Record<string, string> {
  const summary = (run.summary ?? {}) as {
    parameters?: number;
    model_bytes?: number;
    latency_seconds?: number;
  };
  const bytes = summary.model_bytes ?? tree.bytes;
  const seconds = (Date.now() - (run.started_at ?? run.created_at).getTime()) / 1000;
  return {
    num_params: String(summary.parameters ?? 0),
    size: String(bytes),
    // Loaded, the weights stand once in the session and once in the file's buffer while it loads.
    size_in_memory: String(bytes * 2),
    training_time: seconds.toFixed(3),
    latency: (summary.latency_seconds ?? 0).toFixed(6),
  };
}
