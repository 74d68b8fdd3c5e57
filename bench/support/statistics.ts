/** The value below which a share of the sample lies (nearest rank). */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** p50 and p99 in milliseconds, to two decimals. */
export function latency(sample: readonly number[]): { p50: number; p99: number; n: number } {
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    p50: round(percentile(sample, 0.5)),
    p99: round(percentile(sample, 0.99)),
    n: sample.length,
  };
}

/** One result as a line of JSON, as every bench prints them. */
export function emit(result: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
