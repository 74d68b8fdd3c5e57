import type {
  Judge,
  Judgement,
  TrainWindows,
  ValidationWindows,
} from '../../../encoder-learning/fineTuning/objective';
import type { Transitions } from '../../../ml/crf/lattice';
import { spansOf } from '../../../tagging/tagLabels';
import { LabelDecoder } from '../predict/labelDecoder';
import { takeWords } from '../predict/encoderTagger';
import type { WordRows } from './readWords';
import { SpanTotals } from '../train/spanTotals';

/** To give the first token of each word its label; the others and padding count nothing. */
export function wordsToLearn({ windows, owners, labels }: WordRows, classes: number): TrainWindows {
  const words = (chosen: Int32Array): number =>
    chosen.reduce((sum, window) => sum + windows[window]!.words.length, 0);
  return {
    rows: windows.map(({ ids }) => ids),
    targets(chosen, length) {
      const targets = new Float32Array(chosen.length * length * classes);
      chosen.forEach((window, i) => {
        const own = labels[owners[window]!]!;
        const { words: inside, places } = windows[window]!;
        inside.forEach((word, k) => {
          targets[(i * length + places[k]!) * classes + own[word]!] = 1;
        });
      });
      return targets;
    },
    total: words,
    weight: words,
  };
}

/** How well words were labelled. */
export interface WordJudgement extends Judgement {
  /** The scores of each row's words, words × labels. */
  scores: Float32Array[];
}

/** Judges by the F1 of spans; where the rows have none, by the loss. */
export function wordsToJudge(
  rows: WordRows,
  transitions: Transitions,
): ValidationWindows<WordJudgement> {
  return {
    rows: rows.windows.map(({ ids }) => ids),
    unmeasured: { validation_loss: null, validation_f1: null },
    judge: () => wordJudge(rows, transitions),
  };
}

function wordJudge(
  { windows, owners, labels }: WordRows,
  transitions: Transitions,
): Judge<WordJudgement> {
  const classes = transitions.labels;
  const scores = labels.map((own) => new Float32Array(own.length * classes));
  const decoder = new LabelDecoder(transitions);
  return {
    take: (window, logits) =>
      takeWords(windows[window]!, logits, classes, scores[owners[window]!]!),
    end() {
      const totals = new SpanTotals();
      let loss = 0;
      let words = 0;
      labels.forEach((own, row) => {
        totals.add(spansOf(own), spansOf(decoder.labels(scores[row]!)));
        own.forEach((label, word) => (loss += lossOf(scores[row]!, word, label, classes)));
        words += own.length;
      });
      loss /= Math.max(1, words);
      const { f1 } = totals;
      const measures = { validation_loss: loss, validation_f1: f1 };
      return { score: f1 ?? -loss, measures, scores };
    },
  };
}

/** Less the logarithm of the label's probability. */
function lossOf(scores: Float32Array, word: number, label: number, classes: number): number {
  const own = scores.subarray(word * classes, (word + 1) * classes);
  const peak = own.reduce((a, b) => Math.max(a, b));
  const sum = own.reduce((total, score) => total + Math.exp(score - peak), 0);
  return Math.log(sum) + peak - own[label]!;
}
