import { refusalOf } from './decode';

/** A loaded model of ours. `run` blocks its thread while it computes. */
export interface LinearSession {
  /**
   * One output [texts, labels], row-major. `ids` and `values` are [texts, length], row-major, padded
   * as `exportLinear` says.
   */
  run(
    output: 'probabilities' | 'logits',
    ids: BigInt64Array,
    values: Float32Array,
    texts: number,
    length: number,
  ): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads a linear model from its bytes, and ONNX Runtime when it is the first: that takes 0.2 s, which
 * a process that never runs a model need not wait for. One thread and no spinning: sessions share the machine with
 * others, and the sums of a text are too small to split.
 */
export async function openSession(model: Uint8Array): Promise<LinearSession> {
  const refusal = refusalOf(model);
  if (refusal !== undefined) throw new Error(`the model cannot be loaded: ${refusal}`);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  return {
    async run(output, ids, values, texts, length) {
      const feeds = {
        ids: new Tensor('int64', ids, [texts, length]),
        values: new Tensor('float32', values, [texts, length]),
      };
      const fetched = await session.run(feeds, [output]);
      return fetched[output]!.data as Float32Array;
    },
    close: () => session.release(),
  };
}
