import { Dropout } from '../nn/layers/dropout';
import type { Gradients, ParameterView, TableReader } from '../nn/optimizer/parameters';
import type { OnnxGraph } from '../onnx/graph';
import { type GraphSession, openGraph } from '../onnx/graphSession';
import type { EncoderConfig } from './encoderConfig';
import type { ParameterLayout } from './parameterLayout';
import { maskOf, positionRows, type TokenBatch } from './tokenBatch';
import {
  gradientName,
  type HeadKind,
  labelledPlaces,
  scoringGraph,
  trainingGraph,
} from './trainingGraph';

export interface EncoderTrainerOptions {
  labels: number;
  head: HeadKind;
  /** Part of the states and of attention's keys that is dropped while training; see `Dropout`. */
  dropout: number;
  /** Threads of ONNX Runtime: 1 where the last bits of large products must not depend on the machine. */
  threads: number;
}

/** What the rows of a micro-batch should have given. */
export interface BatchTargets {
  /** Places × labels, see `labelledPlaces`, `crossEntropy` and `binaryCrossEntropy`. */
  targets: Float32Array;
  /** What the summed loss is divided by. */
  total: number;
}

interface OpenGraph {
  session: GraphSession;
  dropout: Dropout;
}

/** Sessions kept open: each is some megabytes of graph, and takes 0.1 s to open again. */
const mostSessions = 12;

/**
 * Runs training steps and scores of an encoder with a head. The parameters stay with the caller: they
 * are fed as they are now. Embedding rows are gathered here, outside the graph, and their gradients
 * come back per token. One call at a time.
 */
export class EncoderTrainer {
  readonly #sessions = new Map<string, OpenGraph>();
  readonly #gradients: Float32Array;

  constructor(
    private readonly config: EncoderConfig,
    private readonly layout: ParameterLayout,
    private readonly options: EncoderTrainerOptions,
  ) {
    this.#gradients = new Float32Array(layout.length);
  }

  /**
   * Loss, and its gradients for dense parameters and for the tables' rows that the tokens used. The
   * gradients are written over by the next call.
   *
   * @param key of dropout's random numbers
   */
  async step(
    batch: TokenBatch,
    { targets, total }: BatchTargets,
    key: number,
    parameters: ParameterView,
  ): Promise<{ loss: number; logits: Float32Array; gradients: Gradients }> {
    const { session, dropout } = await this.#opened('training', batch);
    const rows = this.#tableRows(batch);
    const embeddings = gatherSum(parameters.tables, rows);
    const into = {
      loss: new Float32Array(1),
      logits: this.#logits(batch),
      [gradientName('embeddings')]: new Float32Array(embeddings.length),
      ...this.#views(this.#gradients, gradientName),
    };
    const feeds = { embeddings, mask: maskOf(batch), targets, total: Float32Array.of(total) };
    await session.run({ ...feeds, ...this.#views(parameters.dense), ...dropout.masks(key) }, into);
    const values = into[gradientName('embeddings')]!;
    const tables = rows.map((each) => ({ rows: each, values }));
    const gradients = { dense: this.#gradients, tables };
    return { loss: into.loss[0]!, logits: into.logits, gradients };
  }

  /** Logits, places × labels, with nothing dropped. */
  async score(batch: TokenBatch, parameters: ParameterView): Promise<Float32Array> {
    const { session } = await this.#opened('scores', batch);
    const embeddings = gatherSum(parameters.tables, this.#tableRows(batch));
    const logits = this.#logits(batch);
    const feeds = { embeddings, mask: maskOf(batch), ...this.#views(parameters.dense) };
    await session.run(feeds, { logits });
    return logits;
  }

  async close(): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { session } of open) await session.close();
  }

  #logits(batch: TokenBatch): Float32Array {
    const { head, labels } = this.options;
    return new Float32Array(labelledPlaces(head, batch) * labels);
  }

  /** The dense parameters' parts of an array by name; a graph reads and writes them where they are. */
  #views(
    dense: Float32Array,
    rename = (name: string): string => name,
  ): Record<string, Float32Array> {
    return Object.fromEntries(
      this.layout.spans.map(({ name, offset, length }) => [
        rename(name),
        dense.subarray(offset, offset + length),
      ]),
    );
  }

  /** For each table the rows that the tokens take; of types all take the first. */
  #tableRows(batch: TokenBatch): Int32Array[] {
    const all = [batch.ids, positionRows(this.config, batch), new Int32Array(batch.ids.length)];
    return all.slice(0, this.layout.tables.length);
  }

  async #opened(kind: 'training' | 'scores', batch: TokenBatch): Promise<OpenGraph> {
    const key = `${kind} ${batch.rows} × ${batch.length}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) {
      this.#sessions.delete(key);
      this.#sessions.set(key, known);
      return known;
    }
    for (const [oldest, opened] of this.#sessions) {
      if (this.#sessions.size < mostSessions) break;
      this.#sessions.delete(oldest);
      await opened.session.close();
    }
    const opened = await this.#open(kind, batch);
    this.#sessions.set(key, opened);
    return opened;
  }

  async #open(kind: 'training' | 'scores', batch: TokenBatch): Promise<OpenGraph> {
    const { labels, head, threads } = this.options;
    const sizes = { rows: batch.rows, length: batch.length, labels };
    const dropout = new Dropout(kind === 'training' ? this.options.dropout : 0);
    const graph: OnnxGraph =
      kind === 'training'
        ? trainingGraph(this.config, this.layout, sizes, { head, dropout })
        : scoringGraph(this.config, this.layout, sizes, head);
    return { session: await openGraph(graph, { threads, pool: false }), dropout };
  }
}

/** For each token the sum of its rows of all tables. */
function gatherSum(tables: readonly TableReader[], rows: readonly Int32Array[]): Float32Array {
  const [first, ...others] = tables;
  const sum = new Float32Array(rows[0]!.length * first!.width);
  first!.gather(rows[0]!, sum);
  const part = new Float32Array(sum.length);
  others.forEach((table, i) => {
    table.gather(rows[i + 1]!, part);
    for (let k = 0; k < sum.length; k++) sum[k]! += part[k]!;
  });
  return sum;
}
