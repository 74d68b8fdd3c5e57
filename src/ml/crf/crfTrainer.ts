import { shuffle, streamKey } from '../random/counterRandom';
import { addEmissions } from './addEmissions';
import type { CrfState } from './crfState';
import { Lattice, type Transitions } from './lattice';
import { noFeature, type Sequences } from './sequences';

export interface CrfOptions {
  seed: number;
  /** The longest step of a weight. */
  rate: number;
}

/** Labels whose probability is this near to what is right are taken for right: most are, and steps for them cost most. */
const leastError = 3e-3;

/**
 * Trains a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) by stochastic
 * gradient steps, a sequence at a time, in an order that the seed gives each pass. Steps shrink as AdaGrad's
 * do (Duchi, Hazan and Singer 2011), with one sum of squares for a whole row of weights, which is a
 * ninth of the memory and learns as well. Only legal label sequences count.
 *
 * The state is all that changes: whoever goes on from a copy of it comes to the same bytes.
 */
export class CrfTrainer {
  private readonly lattice: Lattice;
  private readonly errors: Float64Array;
  /** The labels of a token that `errors` are of. */
  private readonly wrong: Int32Array;
  private readonly transitionErrors: Float64Array;
  private readonly order: Int32Array;
  private orderOf = -1;

  /** @param rows numbers of the sequences to learn from */
  constructor(
    private readonly sequences: Sequences,
    private readonly rows: Int32Array,
    legal: Omit<Transitions, 'scores'>,
    private readonly options: CrfOptions,
    readonly state: CrfState,
  ) {
    this.lattice = new Lattice(legal);
    this.lattice.setScores(state.transitions);
    this.errors = new Float64Array(legal.labels);
    this.wrong = new Int32Array(legal.labels);
    this.transitionErrors = new Float64Array(legal.labels ** 2);
    this.order = new Int32Array(rows.length);
  }

  /**
   * Learns from the next sequences of the pass.
   * @param sequences how many at most
   * @returns whether the pass is done
   */
  advance(sequences: number): boolean {
    const { state, rows } = this;
    this.arrange();
    const end = Math.min(rows.length, state.place + sequences);
    while (state.place < end) state.loss += this.learn(this.order[state.place++]!);
    if (state.place < rows.length) return false;
    state.losses.push(state.loss / Math.max(1, rows.length));
    state.passes++;
    state.place = 0;
    state.loss = 0;
    return true;
  }

  private arrange(): void {
    const { passes } = this.state;
    if (this.orderOf === passes) return;
    this.order.set(this.rows);
    shuffle(this.order, this.order.length, streamKey(this.options.seed, 0xc2f, passes));
    this.orderOf = passes;
  }

  /** One step. @returns the loss before it: −ln of the probability of the labels that are right */
  private learn(row: number): number {
    const { lattice, state, sequences } = this;
    const first = sequences.starts[row]!;
    const length = sequences.starts[row + 1]! - first;
    if (length === 0) return 0;
    lattice.start(length);
    addEmissions(sequences, first, length, state.weights, lattice);
    const right = this.worthOfRight(first, length);
    const { logSum, peaks } = lattice.run();
    state.updates++;
    this.stepTransitions(first, length);
    for (let token = 0; token < length; token++) this.stepToken(first + token, token);
    return logSum + peaks - right;
  }

  private worthOfRight(first: number, length: number): number {
    const { emissions, labels } = this.lattice;
    const { transitions } = this.state;
    const gold = this.sequences.labels;
    let worth = 0;
    for (let token = 0; token < length; token++) {
      const label = gold[first + token]!;
      worth += emissions[token * labels + label]!;
      if (token > 0) worth += transitions[gold[first + token - 1]! * labels + label]!;
    }
    return worth;
  }

  private stepTransitions(first: number, length: number): void {
    const { lattice, transitionErrors, state } = this;
    const { labels, emissions, forward, backward, scales, steps } = lattice;
    const gold = this.sequences.labels;
    transitionErrors.fill(0);
    for (let token = 1; token < length; token++) {
      const at = token * labels;
      const scale = scales[token]!;
      for (let from = 0; from < labels; from++) {
        const before = at - labels + from;
        if (forward[before]! * backward[before]! < leastError) continue;
        const reached = forward[before]! * scale;
        const row = from * labels;
        for (let l = 0; l < labels; l++) {
          transitionErrors[row + l]! +=
            reached * steps[row + l]! * emissions[at + l]! * backward[at + l]!;
        }
      }
      transitionErrors[gold[first + token - 1]! * labels + gold[first + token]!]! -= 1;
    }
    const { transitions, transitionSums, transitionSquares, updates } = state;
    for (let k = 0; k < transitions.length; k++) {
      const error = transitionErrors[k]!;
      if (error === 0) continue;
      transitionSquares[k]! += error * error;
      const step = (this.options.rate * error) / Math.sqrt(transitionSquares[k]!);
      transitions[k]! -= step;
      lattice.setScore(k, transitions[k]!);
      transitionSums[k]! += updates * step;
    }
  }

  /** Moves the weights of a token's features; `place` is its place in the lattice. */
  private stepToken(token: number, place: number): void {
    const { errors, wrong, lattice, state, sequences } = this;
    const { labels, forward, backward } = lattice;
    const at = place * labels;
    const gold = sequences.labels[token]!;
    let square = 0;
    let count = 0;
    for (let l = 0; l < labels; l++) {
      const error = forward[at + l]! * backward[at + l]! - (l === gold ? 1 : 0);
      if (Math.abs(error) < leastError) continue;
      square += error * error;
      wrong[count] = l;
      errors[count++] = error;
    }
    if (count === 0) return;
    const { weights, weightSums, rowSquares, updates } = state;
    const { rate } = this.options;
    const { features, width } = sequences;
    for (let place = token * width; place < (token + 1) * width; place++) {
      const feature = features[place]!;
      if (feature === noFeature) continue;
      const squares = (rowSquares[feature]! += square);
      const step = rate / Math.sqrt(squares);
      for (let i = 0; i < count; i++) {
        const w = feature * labels + wrong[i]!;
        const change = step * errors[i]!;
        weights[w]! -= change;
        weightSums[w]! += updates * change;
      }
    }
  }
}
