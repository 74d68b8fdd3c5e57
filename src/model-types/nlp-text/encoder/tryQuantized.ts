import type { HeadLabels } from '../../../ml/heads/labels';
import { MulticlassMeter } from '../../../ml/metrics/multiclass';
import { MultilabelMeter } from '../../../ml/metrics/multilabel';
import { readTokenizer } from '../../../ml/transformers/files/tokenizer/tokenizer';
import { probabilities } from '../../../ml/heads/probabilities';
import type { EncoderClassifier } from './classifierGraph';
import { packedClassifier } from './encoderBundle';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import { readTexts } from '../../../encoder-learning/readTexts';
import { openTokenSession, runTokens } from '../../../encoder-learning/tokenScorer';
import type { Validation } from './validation';
import { WindowMeans } from '../../../encoder-learning/windowMeans';

/** int8 is kept where it costs at most so much accuracy (micro-F1 for many labels) on validation. */
const allowedDrop = 0.005;
const rowsAtOnce = 8;

/** What `train.json` says about quantization. */
export interface QuantizationTrial {
  kept: boolean;
  /** Validation texts that were compared. */
  texts: number;
  measure: 'accuracy' | 'micro-F1';
  full_precision: number;
  int8: number;
  allowed_drop: number;
}

/**
 * Whether a classifier may be stored as int8: runs it both ways over texts that it was not trained on.
 * Without such texts there is no saying, and it is not.
 */
export async function tryQuantized(
  classifier: EncoderClassifier,
  choice: EncoderChoice,
  tokenizerFile: Uint8Array,
  { texts, labels }: Validation,
  yieldToEventLoop: () => Promise<void>,
): Promise<QuantizationTrial> {
  const tokenizer = readTokenizer(tokenizerFile);
  const { rows, texts: owners } = await readTexts(tokenizer, texts, choice, yieldToEventLoop);
  const qualityOf = async (quantize: boolean): Promise<number> => {
    const session = await openTokenSession(packedClassifier(classifier, quantize).onnx, 1);
    try {
      const sums = new WindowMeans(texts.length, labels.classes);
      const options = { padTokenId: classifier.config.padTokenId, alone: quantize };
      // A few at a time, so that there are moments to yieldToEventLoop between them.
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        await runTokens(session, rows.slice(at, at + rowsAtOnce), options, (i, own) =>
          sums.add(owners[at + i]!, rows[at + i]!.length, own),
        );
        await yieldToEventLoop();
      }
      return quality(
        texts.map((_, i) => sums.of(i)),
        labels,
        classifier.head.thresholds,
      );
    } finally {
      await session.close();
    }
  };
  const [full, int8] = [await qualityOf(false), await qualityOf(true)];
  return {
    kept: texts.length > 0 && int8 >= full - allowedDrop,
    texts: texts.length,
    measure: labels.kind === 'softmax' ? 'accuracy' : 'micro-F1',
    full_precision: full,
    int8,
    allowed_drop: allowedDrop,
  };
}

/** Accuracy, or micro-F1 of decisions by the thresholds; 0 without rows. */
function quality(
  logits: readonly Float64Array[],
  labels: HeadLabels,
  thresholds: Float32Array | undefined,
): number {
  const scores = logits.map((own) => Float32Array.from(probabilities(own, labels.kind)));
  if (labels.kind === 'softmax') {
    const meter = new MulticlassMeter(labels.classes);
    scores.forEach((own, i) => meter.add(labels.classOf[i]!, own));
    return meter.result().accuracy ?? 0;
  }
  const meter = new MultilabelMeter(labels.classes, thresholds);
  scores.forEach((own, i) => {
    meter.add(new Set(labels.labels.subarray(labels.offsets[i], labels.offsets[i + 1])), own);
  });
  return meter.result().f1.micro ?? 0;
}
