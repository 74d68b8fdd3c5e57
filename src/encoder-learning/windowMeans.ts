/** Means of what windows gave (logits, embeddings), by text, weighted by the windows' tokens. */
export class WindowMeans {
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;

  /** @param width numbers of each window */
  constructor(
    texts: number,
    private readonly width: number,
  ) {
    this.sums = new Float64Array(texts * width);
    this.weights = new Float64Array(texts);
  }

  add(text: number, tokens: number, values: Float32Array): void {
    const at = text * this.width;
    for (let i = 0; i < this.width; i++) this.sums[at + i]! += tokens * values[i]!;
    this.weights[text]! += tokens;
  }

  of(text: number): Float64Array {
    const at = text * this.width;
    return this.sums.slice(at, at + this.width).map((sum) => sum / this.weights[text]!);
  }

  /** Of all texts, texts × width. */
  all(): Float32Array {
    return Float32Array.from(
      this.sums,
      (sum, i) => sum / this.weights[Math.floor(i / this.width)]!,
    );
  }
}
