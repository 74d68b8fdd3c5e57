import { encodeGraph, type OnnxGraph, type Port } from './graph';

/** What an input takes: the typed array of its element type (bytes for bool, 0 or 1). */
export type Feed = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A graph that is loaded and ready to run. */
export interface GraphSession {
  /**
   * Runs the graph once; blocks its thread while it computes, so never call it where heartbeats or
   * requests must go on. All inputs are fed; only the outputs in `into` are computed, each written into
   * the array given for it. Arrays must not overlap.
   *
   * @param sizes values of the named dimensions
   */
  run(
    feeds: Record<string, Feed>,
    into: Record<string, Float32Array>,
    sizes?: Record<string, number>,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface GraphSessionOptions {
  /**
   * Threads of one operator. They change the last bits of a product whose weights are an input of the
   * graph: it is cut by their number.
   */
  threads: number;
  /**
   * Whether the session keeps the memory of its runs until it is closed. Without, several sessions take
   * the memory of one, and runs are as fast only under `memoryEnvironment`.
   * @default true
   */
  pool?: boolean | undefined;
}

/**
 * Loads a graph that this process built. Threads do not spin while they wait: on a machine with
 * neighbours that more than halves the speed. Memory is not planned ahead: the plan costs 30 to 40 %
 * more of it for a few per cent of time.
 */
export async function openGraph(
  graph: OnnxGraph,
  { threads, pool = true }: GraphSessionOptions,
): Promise<GraphSession> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(encodeGraph(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: pool,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  const ports = new Map([...graph.inputs, ...graph.outputs].map((port) => [port.name, port]));
  const wrap = (name: string, values: Feed, sizes: Record<string, number>): unknown => {
    const port = ports.get(name);
    if (port === undefined) throw new Error(`the graph has no input or output "${name}"`);
    return new Tensor(port.type as 'float32', values as Float32Array, dimsOf(port, values, sizes));
  };
  return {
    async run(feeds, into, sizes = {}) {
      const wrapAll = (arrays: Record<string, Feed>): Record<string, never> =>
        Object.fromEntries(
          Object.entries(arrays).map(([name, values]) => [name, wrap(name, values, sizes)]),
        ) as Record<string, never>;
      await session.run(wrapAll(feeds), wrapAll(into));
    },
    close: () => session.release(),
  };
}

function dimsOf(port: Port, values: Feed, sizes: Record<string, number>): number[] {
  const dims = port.dims.map((dim) => {
    const size = typeof dim === 'string' ? sizes[dim] : dim;
    if (size === undefined) throw new Error(`"${port.name}" needs the size of ${dim}`);
    return size;
  });
  const wanted = dims.reduce((a, b) => a * b, 1);
  if (wanted !== values.length)
    throw new Error(
      `"${port.name}" is [${dims.join(', ')}], ${wanted} numbers; ${values.length} were given`,
    );
  return dims;
}
