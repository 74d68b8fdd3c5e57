import { performance } from 'node:perf_hooks';

/** Latency figures, or a rate; each with how often it was measured. */
export type Figures =
  | { p50_ms: number; p99_ms: number; calls: number }
  | { texts_per_second: number; p50_ms: number; p99_ms: number; calls: number };

const warmUpMs = 2000;
const measuredMs = 8000;

/** One call after the other; `call` gets a number that goes up. */
export async function measureLatency(call: (i: number) => Promise<void>): Promise<Figures> {
  const { times } = await run(1, call);
  return { ...percentiles(times), calls: times.length };
}

/** `clients` that call all the time, each call with `texts` texts. */
export async function measureRate(
  texts: number,
  clients: number,
  call: (i: number) => Promise<void>,
): Promise<Figures> {
  const { times, seconds } = await run(clients, call);
  const texts_per_second = Math.round((times.length * texts) / seconds);
  return { texts_per_second, ...percentiles(times), calls: times.length };
}

async function run(clients: number, call: (i: number) => Promise<void>) {
  let next = 0;
  const times: number[] = [];
  const start = performance.now();
  const measureFrom = start + warmUpMs;
  const client = async (): Promise<void> => {
    for (;;) {
      const from = performance.now();
      if (from > measureFrom + measuredMs) return;
      await call(next++);
      if (from > measureFrom) times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { times, seconds: (performance.now() - measureFrom) / 1000 };
}

function percentiles(times: number[]): { p50_ms: number; p99_ms: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 1000) /
    1000;
  return { p50_ms: at(0.5), p99_ms: at(0.99) };
}
