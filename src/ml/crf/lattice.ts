/**
 * Which labels may follow which, and how much each pair is worth. A chain of labels is worth the sum
 * of its emissions and transitions; what may not follow is worth −∞.
 */
export interface Transitions {
  readonly labels: number;
  /** labels × labels, row-major: from the label of the row to that of the column. */
  readonly scores: Float64Array;
  /** The same shape, 1 where the second may follow the first. */
  readonly legal: Uint8Array;
  /** 1 for each label that a sequence may begin with. */
  readonly legalFirst: Uint8Array;
}

/**
 * Forward and backward sums over all legal label sequences (Lafferty, McCallum and Pereira 2001), scaled at each token
 * as Rabiner (1989) does, so that no logarithm is needed inside and nothing underflows. Keeps its
 * scratch space between sequences.
 */
export class Lattice {
  length = 0;
  /** Emissions, tokens × labels; filled by the caller, overwritten by `run` with their exponentials. */
  emissions: Float64Array;
  /** Sums over the beginnings that end in a label, scaled to 1 at each token. */
  forward: Float64Array;
  /** Sums over the ends that go on from a label, so that forward × backward is the marginal. */
  backward: Float64Array;
  /** What each token's forward sums were multiplied by. */
  scales: Float64Array;
  /** Exponentials of the transitions; 0 where they are not legal. */
  readonly steps: Float64Array;
  readonly labels: number;
  /** Emissions of a token × backward sums, while `run` goes backward. */
  private readonly ahead: Float64Array;

  /** All transitions are worth 0 until `setScores`. */
  constructor(private readonly legal: Omit<Transitions, 'scores'>) {
    const { labels } = legal;
    this.labels = labels;
    this.emissions = new Float64Array(64 * labels);
    this.forward = new Float64Array(64 * labels);
    this.backward = new Float64Array(64 * labels);
    this.scales = new Float64Array(64);
    this.steps = Float64Array.from(legal.legal);
    this.ahead = new Float64Array(labels);
  }

  /** What the transitions are worth from here on, labels × labels. */
  setScores(scores: Float64Array): void {
    scores.forEach((score, k) => this.setScore(k, score));
  }

  /** What one transition is worth from here on. */
  setScore(transition: number, score: number): void {
    if (this.legal.legal[transition] === 1) this.steps[transition] = Math.exp(score);
  }

  /** Makes room for a sequence and sets its emissions to 0. */
  start(length: number): void {
    this.length = length;
    if (length > this.scales.length) {
      const room = 2 ** Math.ceil(Math.log2(length));
      this.emissions = new Float64Array(room * this.labels);
      this.forward = new Float64Array(room * this.labels);
      this.backward = new Float64Array(room * this.labels);
      this.scales = new Float64Array(room);
    }
    this.emissions.fill(0, 0, length * this.labels);
  }

  /**
   * @returns the logarithm of the sum over all legal sequences, less the largest emission of each token,
   * which is what `peaks` sums up: ln Z = result + peaks
   */
  run(): { logSum: number; peaks: number } {
    const { labels } = this;
    const { legalFirst } = this.legal;
    let peaks = 0;
    for (let token = 0; token < this.length; token++) peaks += this.exponentiate(token * labels);
    let logSum = 0;
    for (let token = 0; token < this.length; token++) {
      logSum += Math.log(this.forwardStep(token, legalFirst));
    }
    this.backward.fill(1, (this.length - 1) * labels, this.length * labels);
    for (let token = this.length - 2; token >= 0; token--) this.backwardStep(token);
    return { logSum, peaks };
  }

  private exponentiate(at: number): number {
    const { emissions, labels } = this;
    let peak = emissions[at]!;
    for (let l = 1; l < labels; l++) if (emissions[at + l]! > peak) peak = emissions[at + l]!;
    for (let l = 0; l < labels; l++) emissions[at + l] = Math.exp(emissions[at + l]! - peak);
    return peak;
  }

  /** @returns the sum before scaling */
  private forwardStep(token: number, legalFirst: Uint8Array): number {
    const { labels, emissions, forward, steps } = this;
    const at = token * labels;
    if (token === 0) {
      for (let l = 0; l < labels; l++) forward[l] = emissions[l]! * legalFirst[l]!;
    } else {
      forward.fill(0, at, at + labels);
      for (let from = 0; from < labels; from++) {
        const reached = forward[at - labels + from]!;
        const row = from * labels;
        for (let l = 0; l < labels; l++) forward[at + l]! += reached * steps[row + l]!;
      }
      for (let l = 0; l < labels; l++) forward[at + l]! *= emissions[at + l]!;
    }
    let sum = 0;
    for (let l = 0; l < labels; l++) sum += forward[at + l]!;
    // Where a label far off the peak is the only legal one the sum may vanish: it stays a number.
    sum = Math.max(sum, Number.MIN_VALUE);
    const scale = Math.min(1 / sum, Number.MAX_VALUE);
    for (let l = 0; l < labels; l++) forward[at + l]! *= scale;
    this.scales[token] = scale;
    return sum;
  }

  private backwardStep(token: number): void {
    const { labels, emissions, backward, steps, ahead } = this;
    const at = token * labels;
    const next = at + labels;
    const scale = this.scales[token + 1]!;
    for (let l = 0; l < labels; l++) ahead[l] = emissions[next + l]! * backward[next + l]!;
    for (let from = 0; from < labels; from++) {
      const row = from * labels;
      let sum = 0;
      for (let l = 0; l < labels; l++) sum += steps[row + l]! * ahead[l]!;
      backward[at + from] = sum * scale;
    }
  }
}
