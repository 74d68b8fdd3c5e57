import { featureOf, step } from './featureHash';
import { attributes, type TokenFeatures } from './featureSpec';
import {
  absent,
  capitalsHash,
  edgeAttributes,
  wordAttributes,
  type WordAttributes,
} from './wordAttributes';

/** Words whose attributes are kept for the next time. */
const maxKnownWords = 100_000;
const capitals = attributes.indexOf('capitals');
const before = edgeAttributes('\u0002');
const after = edgeAttributes('\u0003');

/** Finds the features of tokens, sentence by sentence. */
export class TokenFeaturizer {
  /** Places of a token: one for each template. */
  readonly width: number;
  /** Template after template: attribute, distance, attribute, distance … */
  private readonly parts: Int32Array[];
  private known = new Map<string, WordAttributes>();

  constructor(spec: TokenFeatures) {
    this.width = spec.templates.length;
    this.parts = spec.templates.map((template) =>
      Int32Array.from(
        template.flatMap(([attribute, distance]) => [attributes.indexOf(attribute), distance]),
      ),
    );
  }

  /**
   * The features of a sentence's words.
   * @param into words × width, a place for each template; 0 where a token lacks what it is made of
   */
  features(words: readonly string[], into: Uint32Array): void {
    const own = words.map((word) => this.attributesOf(word));
    const inCapitals = capitalsHash(own);
    let place = 0;
    for (let token = 0; token < own.length; token++) {
      for (let template = 0; template < this.width; template++) {
        into[place++] = feature(own, token, template, this.parts[template]!, inCapitals);
      }
    }
  }

  private attributesOf(word: string): WordAttributes {
    const known = this.known.get(word);
    if (known) return known;
    if (this.known.size >= maxKnownWords) this.known = new Map();
    const found = wordAttributes(word);
    this.known.set(word, found);
    return found;
  }
}

function feature(
  words: readonly WordAttributes[],
  token: number,
  template: number,
  parts: Int32Array,
  inCapitals: number,
): number {
  let hash = step(0x51ed270b, template);
  for (let i = 0; i < parts.length; i += 2) {
    const at = token + parts[i + 1]!;
    const { hashes } = at < 0 ? before : at >= words.length ? after : words[at]!;
    const value = parts[i] === capitals ? inCapitals : hashes[parts[i]!]!;
    if (value === absent) return 0;
    hash = step(hash, value);
  }
  return featureOf(hash);
}
