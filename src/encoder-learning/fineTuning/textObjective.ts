import { calibrate, type HeadCalibration, heldOut } from '../../ml/heads/heldOut';
import { WindowMeans } from '../windowMeans';
import type { Judge, Judgement, TrainWindows, ValidationWindows } from './objective';
import { type LabelledWindows, targetsOf, totalOf } from './windows';

/** How well texts were told apart. */
export interface TextJudgement extends Judgement {
  /** Logits of the validation texts, texts × labels. */
  logits: Float32Array;
  /** The calibration that suits them. */
  calibration: HeadCalibration;
}

/** To give each text its labels. */
export function textsToLearn(windows: LabelledWindows): TrainWindows {
  const total = (chosen: Int32Array): number => totalOf(windows, chosen);
  return {
    rows: windows.rows,
    targets: (chosen) => targetsOf(windows, chosen),
    total,
    weight: windows.labels.kind === 'softmax' ? total : ({ length }) => length,
  };
}

/** Judges by the loss after calibration. */
export function textsToJudge(windows: LabelledWindows): ValidationWindows<TextJudgement> {
  return {
    rows: windows.rows,
    unmeasured: { validation_loss: null, validation_accuracy: null },
    judge: () => textJudge(windows),
  };
}

function textJudge({ rows, texts, labels }: LabelledWindows): Judge<TextJudgement> {
  const { classes } = labels;
  const count = texts.length === 0 ? 0 : texts.at(-1)! + 1;
  const means = new WindowMeans(count, classes);
  return {
    take: (window, logits) => means.add(texts[window]!, rows[window]!.length, logits),
    end() {
      const logits = means.all();
      const places = Array.from({ length: count }, (_, text) => text);
      const calibration = calibrate({ ...heldOut(labels, places), logits });
      const validation_accuracy =
        labels.kind === 'sigmoid' || count === 0
          ? null
          : places.filter((text) => bestOf(logits, text, classes) === labels.classOf[text]).length /
            count;
      const { loss } = calibration;
      const measures = { validation_loss: loss, validation_accuracy };
      return { score: -loss, measures, logits, calibration };
    },
  };
}

function bestOf(logits: Float32Array, text: number, classes: number): number {
  const own = logits.subarray(text * classes, (text + 1) * classes);
  return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
}
