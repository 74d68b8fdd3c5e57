import { Characters, readCharacters } from './characters';
import { Featurizer } from './featurizer';
import { familyStarts, type FeaturizerSpec } from './featurizerSpec';
import { eachNgram } from './ngrams';
import { RowIndex } from './rowIndex';

/** The model rows that a text touches, and their values; rows in order of first appearance. */
export interface TextVector {
  rows: Int32Array;
  values: Float32Array;
}

/** One n-gram of a text that the model knows. */
export interface TextFeature {
  /** The n-gram as it stands in the normalised text; a char n-gram shows the space at its ends. */
  feature: string;
  unit: 'word' | 'char';
  row: number;
  value: number;
}

/** The rows of a model that hashed n-grams meet; see LinearModel. */
export interface ModelRows {
  buckets: Uint32Array;
  scales: Float32Array;
}

/** Turns texts into the features of one model. Keeps scratch space, so use one per thread. */
export class Vectorizer {
  private readonly featurizer: Featurizer;
  private readonly index: RowIndex;
  private readonly starts: number[];

  constructor(
    private readonly spec: FeaturizerSpec,
    private readonly model: ModelRows,
  ) {
    this.featurizer = new Featurizer(spec);
    this.index = new RowIndex(model.buckets);
    this.starts = familyStarts(spec);
  }

  /** N-grams that the model does not know are left out before each family is scaled to length 1. */
  vectorize(text: string): TextVector {
    const { buckets, counts, size } = this.featurizer.count(text);
    const rows = new Int32Array(size);
    const values = new Float32Array(size);
    let length = 0;
    let at = 0;
    for (let family = 0; family + 1 < this.starts.length; family++) {
      const first = length;
      const end = this.starts[family + 1]!;
      let norm = 0;
      for (; at < size && buckets[at]! < end; at++) {
        const row = this.index.rowOf(buckets[at]!);
        if (row < 0) continue;
        const value = sublinear(counts[at]!) * this.model.scales[row]!;
        rows[length] = row;
        values[length++] = value;
        norm += value * value;
      }
      scaleToUnit(values, first, length, norm);
    }
    return { rows: rows.slice(0, length), values: values.slice(0, length) };
  }

  /** The n-grams behind each row of a text; one entry for each string and row. */
  explain(text: string): TextFeature[] {
    const { rows, values } = this.vectorize(text);
    const valueOf = new Map(Array.from(rows, (row, i) => [row, values[i]!]));
    const characters = new Characters();
    readCharacters(text, this.spec.maxCharacters, characters);
    const features = new Map<string, TextFeature>();
    eachNgram(this.spec, characters, (bucket, from, to) => {
      const row = this.index.rowOf(bucket);
      const value = valueOf.get(row);
      if (value === undefined) return;
      const unit = this.unitOf(bucket);
      const feature = characters.slice(from, to);
      features.set(`${unit} ${row} ${feature}`, { feature, unit, row, value });
    });
    return [...features.values()];
  }

  private unitOf(bucket: number): TextFeature['unit'] {
    const family = this.starts.findIndex((start) => bucket < start) - 1;
    return this.spec.families[family]!.unit;
  }
}

/** The value of an n-gram that comes up `count` times, before its scale: 1 + ln count. */
export function sublinear(count: number): number {
  return count === 1 ? 1 : 1 + Math.log(count);
}

/** Divides values[from … to) by the root of `norm`, the sum of their squares. */
export function scaleToUnit(values: Float32Array, from: number, to: number, norm: number): void {
  if (norm === 0) return;
  const factor = 1 / Math.sqrt(norm);
  for (let i = from; i < to; i++) values[i]! *= factor;
}
