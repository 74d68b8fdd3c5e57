import fc from 'fast-check';
import { averaged, startState } from './crfState';
import { CrfTrainer } from './crfTrainer';
import { bestSequence } from './decode';
import { Lattice, type Transitions } from './lattice';
import { segmentProbability } from './segmentProbability';

const labels = 3;

/** Label 2 may only follow 1 or itself, and begins nothing: as what goes on with a span. */
const legal = {
  labels,
  legal: Uint8Array.from([1, 1, 0, 1, 1, 1, 1, 1, 1]),
  legalFirst: Uint8Array.from([1, 1, 0]),
};

const score = fc.double({ min: -4, max: 4, noNaN: true });
const chain = fc
  .record({
    length: fc.integer({ min: 1, max: 5 }),
    scores: fc.array(score, { minLength: 9, maxLength: 9 }),
    emissions: fc.array(score, { minLength: 15, maxLength: 15 }),
  })
  .map(({ length, scores, emissions }) => ({
    length,
    transitions: { ...legal, scores: Float64Array.from(scores) } satisfies Transitions,
    emissions: Float64Array.from(emissions.slice(0, length * labels)),
  }));

interface Sequence {
  sequence: number[];
  worth: number;
}

/** All legal sequences and what they are worth, one by one. */
function allSequences(
  length: number,
  emissions: Float64Array,
  { scores, legal: allowed, legalFirst }: Transitions,
): Sequence[] {
  let found: Sequence[] = [{ sequence: [], worth: 0 }];
  for (let token = 0; token < length; token++) {
    found = found.flatMap(({ sequence, worth }) =>
      [0, 1, 2].flatMap((label) => {
        const last = sequence.at(-1);
        const at = last === undefined ? -1 : last * labels + label;
        if (at < 0 ? legalFirst[label] === 0 : allowed[at] === 0) return [];
        const step = at < 0 ? 0 : scores[at]!;
        const emission = emissions[token * labels + label]!;
        return [{ sequence: [...sequence, label], worth: worth + step + emission }];
      }),
    );
  }
  return found;
}

function runLattice(length: number, emissions: Float64Array, transitions: Transitions) {
  const lattice = new Lattice(transitions);
  lattice.setScores(transitions.scores);
  lattice.start(length);
  lattice.emissions.set(emissions);
  const { logSum, peaks } = lattice.run();
  return { lattice, logZ: logSum + peaks };
}

test('the sum over all sequences and the marginals are those of counting them one by one', () => {
  fc.assert(
    fc.property(chain, ({ length, transitions, emissions }) => {
      const sequences = allSequences(length, emissions, transitions);
      const z = sequences.reduce((sum, { worth }) => sum + Math.exp(worth), 0);
      const { lattice, logZ } = runLattice(length, emissions, transitions);
      expect(logZ).toBeCloseTo(Math.log(z), 8);
      for (let token = 0; token < length; token++) {
        for (let label = 0; label < labels; label++) {
          const share = sequences
            .filter(({ sequence }) => sequence[token] === label)
            .reduce((sum, { worth }) => sum + Math.exp(worth) / z, 0);
          const at = token * labels + label;
          expect(lattice.forward[at]! * lattice.backward[at]!).toBeCloseTo(share, 8);
        }
      }
    }),
  );
});

test('decoding finds the sequence that is worth most', () => {
  fc.assert(
    fc.property(chain, ({ length, transitions, emissions }) => {
      const all = allSequences(length, emissions, transitions);
      const found = bestSequence(emissions, length, transitions).join();
      const { worth } = all.find(({ sequence }) => sequence.join() === found)!;
      expect(worth).toBeCloseTo(Math.max(...all.map((one) => one.worth)), 8);
    }),
  );
});

test('a span is as probable as all sequences that have just it', () => {
  fc.assert(
    fc.property(chain, fc.nat(), ({ length, transitions, emissions }, pick) => {
      const sequences = allSequences(length, emissions, transitions);
      const z = sequences.reduce((sum, { worth }) => sum + Math.exp(worth), 0);
      const start = pick % length;
      const end = start + 1 + (pick % (length - start));
      const isSpan = (sequence: number[]): boolean =>
        sequence.slice(start, end).every((label, i) => label === (i === 0 ? 1 : 2)) &&
        sequence[end] !== 2;
      const wanted = sequences
        .filter(({ sequence }) => isSpan(sequence))
        .reduce((sum, { worth }) => sum + Math.exp(worth) / z, 0);
      const { lattice } = runLattice(length, emissions, transitions);
      const labelOf = (token: number): number => (token === start ? 1 : 2);
      const found = segmentProbability(lattice, labelOf, start, end, (label) => label === 2);
      expect(found).toBeCloseTo(wanted, 8);
    }),
  );
});

test('scores far apart and long sequences neither overflow nor vanish', () => {
  const length = 100_000;
  const emissions = Float64Array.from({ length: length * labels }, (_, i) => (i % 7) * 300 - 900);
  const transitions = { ...legal, scores: new Float64Array(9) };
  const { lattice, logZ } = runLattice(length, emissions, transitions);
  expect(Number.isFinite(logZ)).toBe(true);
  expect(lattice.forward.subarray(0, length * labels).every(Number.isFinite)).toBe(true);
  expect(lattice.backward.subarray(0, length * labels).every(Number.isFinite)).toBe(true);
});

/** Feature 0 says label 1, feature 1 says 2 after it, feature 2 nothing. */
const sequences = {
  width: 1,
  features: Int32Array.from([2, 0, 1, 2, 0, 2, 2]),
  labels: Uint16Array.from([0, 1, 2, 0, 1, 0, 0]),
  starts: Float64Array.from([0, 4, 6, 7]),
};
const rows = Int32Array.from([0, 1, 2]);
const options = { seed: 7, rate: 0.2 };

test('training lowers the loss, and learns what the features say', () => {
  const state = startState(3, labels);
  const trainer = new CrfTrainer(sequences, rows, legal, options, state);
  while (state.passes < 100) trainer.advance(10);
  expect(state.losses.at(-1)!).toBeLessThan(state.losses[0]! / 5);
  const { weights, transitions } = averaged(state);
  const emissions = [2, 0, 1].flatMap((feature) => [
    ...weights.slice(feature * 3, feature * 3 + 3),
  ]);
  expect([...bestSequence(emissions, 3, { ...legal, scores: transitions })]).toEqual([0, 1, 2]);
});

test('a training that goes on from a copy of its state comes to the same bytes', () => {
  const whole = startState(3, labels);
  const first = new CrfTrainer(sequences, rows, legal, options, whole);
  while (whole.passes < 6) first.advance(2);
  const cut = startState(3, labels);
  const second = new CrfTrainer(sequences, rows, legal, options, cut);
  for (let i = 0; i < 5; i++) second.advance(1);
  const copy = structuredClone(cut);
  const third = new CrfTrainer(sequences, rows, legal, options, copy);
  while (copy.passes < 6) third.advance(1);
  expect(copy).toEqual(whole);
});
