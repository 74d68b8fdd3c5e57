import { openSession } from '../../ml/onnx/session';
import { Vectorizer } from '../../ml/text/vectorizer';
import { runTexts, type Scorer, type TextFeatures } from './batches';
import { readBundle } from './bundle';
import type { BundleManifest } from './bundleManifest';
import { assertTestVectors } from './testVectors';

/** A bundle opened to give probabilities. For one thread; `score` blocks it while it computes. */
export interface BundleScorer {
  readonly manifest: BundleManifest;
  readonly vectorizer: Vectorizer;
  readonly graph: Scorer;
  /**
   * Gives each text's probabilities to `each`, with the text's number; the array is good only during
   * the call. Memory stays bounded however many or long the texts are; the order is not the given one.
   */
  score(
    texts: Iterable<string>,
    each: (text: number, probabilities: Float32Array) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Features that wait for their batch: at most about so many (16 MB). */
const maxWaiting = 2 << 20;

/** Opens the bundle in the folder `dir`; refuses one whose features this code would compute otherwise. */
export async function openScorer(dir: string): Promise<BundleScorer> {
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
  return {
    manifest,
    vectorizer,
    graph,
    async score(texts, each) {
      let first = 0;
      let features = 0;
      let waiting: TextFeatures[] = [];
      const flush = async (): Promise<void> => {
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
    },
    close: () => session.close(),
  };
}
