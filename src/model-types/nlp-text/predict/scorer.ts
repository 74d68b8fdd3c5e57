import { openSession } from '../../../ml/onnx/session';
import { Vectorizer } from '../../../ml/text/vectorizer';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import { runTexts, type Scorer, type TextFeatures } from '../bundle/batches';
import { readBundle, readManifest } from '../bundle/bundle';
import type { AnyManifest, BundleManifest } from '../bundle/bundleManifest';
import { explainText } from './explain';
import type { Explanation } from './explanation';
import { assertTestVectors } from '../bundle/testVectors';

/** A bundle opened to give probabilities. For one thread; `score` blocks it while it computes. */
export interface BundleScorer {
  readonly manifest: AnyManifest;
  /**
   * Gives each text's probabilities to `each`, with the text's number; the array is good only during
   * the call. Memory stays bounded however many or long the texts are; the order is not the given one.
   *
   * @param signal throws its reason once it is aborted
   * @returns how an encoder read the texts; nothing of a model of n-grams
   */
  score(
    texts: Iterable<string>,
    each: (text: number, probabilities: Float32Array) => void,
    signal?: AbortSignal,
  ): Promise<TokenizedCounts | undefined>;
  /** What spoke for and against some classes, in logits; for each class in turn. */
  explain(text: string, classes: readonly number[], signal?: AbortSignal): Promise<Explanation[]>;
  close(): Promise<void>;
}

/** A model of n-grams. */
export interface NgramScorer extends BundleScorer {
  readonly manifest: BundleManifest;
  readonly vectorizer: Vectorizer;
  readonly graph: Scorer;
}

/**
 * Opens the bundle in the folder `dir`, of whatever kind; refuses one that would score otherwise than
 * where it was made.
 *
 * @param threads for a model with an encoder; scores depend on it in their last bits at most
 */
export async function openScorer(dir: string, threads = 1): Promise<BundleScorer> {
  const manifest = readManifest(dir);
  if (manifest.kind === undefined) return openNgramScorer(dir);
  // Loaded only for such a model: tokenizers take a while to load.
  const { readEncoderBundle } = await import('../encoder/encoderBundle.js');
  const { EncoderScorer } = await import('../encoder/encoderScorer.js');
  return EncoderScorer.open(readEncoderBundle(dir, manifest), threads);
}

/** Features that wait for their batch: at most about so many (16 MB). */
const maxWaiting = 2 << 20;

/** Opens a model of n-grams; refuses one whose features this code would compute otherwise. */
export async function openNgramScorer(dir: string): Promise<NgramScorer> {
  const { manifest, buckets, scales, onnx } = readBundle(dir);
  assertTestVectors(manifest.test_vectors, manifest.featurizer, { buckets, scales });
  const session = await openSession(onnx);
  const vectorizer = new Vectorizer(manifest.featurizer, { buckets, scales });
  const graph = {
    session,
    head: manifest.head,
    labels: manifest.labels.length,
    rows: manifest.rows,
  };
  const scorer: NgramScorer = {
    manifest,
    vectorizer,
    graph,
    async score(texts, each, signal) {
      let first = 0;
      let features = 0;
      let waiting: TextFeatures[] = [];
      const flush = async (): Promise<void> => {
        signal?.throwIfAborted();
        await runTexts(graph, waiting, (i, scores) => each(first + i, scores));
        first += waiting.length;
        features = 0;
        waiting = [];
      };
      for (const text of texts) {
        const vector = vectorizer.vectorize(text);
        waiting.push(vector);
        features += vector.rows.length;
        if (features > maxWaiting) await flush();
      }
      await flush();
      return undefined;
    },
    explain(text, classes, signal) {
      signal?.throwIfAborted();
      return explainText(scorer, text, classes);
    },
    close: () => session.close(),
  };
  return scorer;
}
