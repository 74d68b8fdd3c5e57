import { BucketCounts } from './bucketCounts';
import { Characters, readCharacters } from './characters';
import { eachNgram, ngramBound } from './ngrams';
import type { FeaturizerSpec } from './featurizerSpec';

/** Counts the hashed n-grams of texts, one after another, in scratch space that it keeps. */
export class Featurizer {
  private readonly characters = new Characters();
  private readonly found = new BucketCounts();
  private readonly add = (bucket: number): void => this.found.add(bucket);

  constructor(readonly spec: FeaturizerSpec) {}

  /** The normalised text that was counted last. */
  get text(): string {
    return this.characters.text;
  }

  /** The distinct buckets of a text and their counts, in order of first appearance; good until the next call. */
  count(text: string): Pick<BucketCounts, 'buckets' | 'counts' | 'size'> {
    readCharacters(text, this.spec.maxCharacters, this.characters);
    this.found.clear(ngramBound(this.spec, this.characters.length));
    eachNgram(this.spec, this.characters, this.add);
    return this.found;
  }
}
