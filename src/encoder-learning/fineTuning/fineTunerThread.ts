import { parentPort, workerData } from 'node:worker_threads';
import type { ParameterView } from '../../ml/nn/optimizer/parameters';
import { EncoderTrainer } from '../../ml/transformers/encoderTrainer';
import { parameterLayout } from '../../ml/transformers/parameterLayout';
import { messageOf } from '../../errors';
import type {
  FineTunerData,
  FromFineTuner,
  JobResult,
  ScoreJob,
  StepJob,
  ToFineTuner,
} from './messages';

/**
 * A thread that computes micro-batches, one after another; see FineTunerPool. It leaves by itself when
 * it is told to: cut off inside ONNX Runtime, it would take the process along.
 */
function serve({ config, labels, head, dropout, parameters, gradients }: FineTunerData): void {
  const layout = parameterLayout(config, labels);
  // One thread of ONNX Runtime: with more, it cuts products by their number, and sums round otherwise.
  const trainer = new EncoderTrainer(config, layout, { labels, head, dropout, threads: 1 });
  const shared = new Float32Array(parameters);
  const sharedGradients = new Float32Array(gradients);
  // ONNX Runtime takes no shared memory.
  const dense = new Float32Array(layout.length);
  let known = -1;

  const viewOf = ({ tables, version }: StepJob | ScoreJob): ParameterView => {
    if (version !== known) dense.set(shared);
    known = version;
    return {
      dense,
      tables: layout.tables.map(({ rows }, t) => ({
        rows,
        width: config.hidden,
        gather: (_, into) => into.set(tables[t]!),
      })),
    };
  };
  const run = async (job: StepJob | ScoreJob): Promise<JobResult> => {
    const view = viewOf(job);
    if (job.type === 'score') {
      const logits = await trainer.score(job.batch, view);
      return { loss: 0, logits, embeddings: new Float32Array(0) };
    }
    const found = await trainer.step(job.batch, job, job.key, view);
    sharedGradients.set(found.gradients.dense);
    const { loss, logits } = found;
    return { loss, logits, embeddings: found.gradients.tables[0]!.values };
  };
  const answer = async (message: ToFineTuner): Promise<void> => {
    if (message.type === 'close') {
      await trainer.close();
      parentPort!.close();
      return;
    }
    try {
      const result = await run(message);
      post({ type: 'done', ...result }, [
        result.logits.buffer as ArrayBuffer,
        result.embeddings.buffer as ArrayBuffer,
      ]);
    } catch (error) {
      post({ type: 'failed', message: messageOf(error) }, []);
    }
  };
  let last = Promise.resolve();
  parentPort!.on('message', (message: ToFineTuner) => {
    last = last.then(() => answer(message));
  });
}

function post(message: FromFineTuner, transfer: ArrayBuffer[]): void {
  parentPort!.postMessage(message, transfer);
}

serve(workerData as FineTunerData);
