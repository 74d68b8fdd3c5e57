/**
 * What the features of a token are made of. Each is a hash of one or more strings (see `featureHash.ts`):
 *
 * | attribute  | of a token                                                                            |
 * |------------|---------------------------------------------------------------------------------------|
 * | `word`     | as it is written, in NFC                                                              |
 * | `lower`    | compatibility composed and in lower case (`normalizeText`), each digit as 0           |
 * | `shape`    | upper case X, lower case and other letters x, digits d, marks gone, other signs as they are; runs of one as one |
 * | `long`     | the same with runs of at most four                                                    |
 * | `prefix1` … `prefix5`, `suffix1` … `suffix5` | so many characters of `lower`; absent where it is shorter |
 * | `capitals` | whether more than 70 % of the sentence's words with letters have no small letter: `1` or `0` |
 *
 * Before the first token and after the last `lower`, `word`, `shape` and `long` are the control characters U+0002 and U+0003.
 */
export const attributes = [
  'word',
  'lower',
  'shape',
  'long',
  'prefix1',
  'prefix2',
  'prefix3',
  'prefix4',
  'prefix5',
  'suffix1',
  'suffix2',
  'suffix3',
  'suffix4',
  'suffix5',
  'capitals',
] as const;

export type Attribute = (typeof attributes)[number];

/** A feature: attributes of tokens at distances from the token that it is for, together. */
export type Template = readonly (readonly [attribute: Attribute, distance: number])[];

/**
 * All that decides which features a token has. Kept in the bundle, so that a text gives the same
 * features wherever the model runs.
 */
export interface TokenFeatures {
  version: 1;
  templates: readonly Template[];
}

/** `lower@-1 lower` is the pair of the word before and the word itself. */
function read(written: string): Template {
  return written.split(' ').map((part) => {
    const [attribute, distance = '0'] = part.split('@');
    return [attribute as Attribute, Number(distance)] as const;
  });
}

/** Chosen on the validation parts of conll2003, wnut17 and ronec; see bench/RESULTS.md. */
export const defaultFeatures: TokenFeatures = {
  version: 1,
  templates: [
    'word',
    'lower',
    'shape',
    'long',
    ...[1, 2, 3, 4, 5].flatMap((n) => [`prefix${n}`, `suffix${n}`]),
    'lower@-2',
    'lower@-1',
    'lower@+1',
    'lower@+2',
    'word@-1',
    'word@+1',
    'suffix3@-1',
    'suffix3@+1',
    'shape@-1',
    'shape@+1',
    'lower@-1 lower',
    'lower lower@+1',
    'shape@-1 shape',
    'shape shape@+1',
    'shape@-1 shape shape@+1',
    'lower@-1 shape',
    'shape lower@+1',
    'capitals shape',
  ].map(read),
};
