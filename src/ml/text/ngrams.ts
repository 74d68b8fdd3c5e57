import { mix32 } from '../random/counterRandom';
import { CharacterKind } from './characterKinds';
import type { Characters } from './characters';
import { familyStarts, type FeaturizerSpec, type NgramFamily } from './featurizerSpec';

/**
 * Takes each n-gram of a text: its bucket, and the characters it covers, `from` to before `to`.
 * A char n-gram may reach one place beyond its piece on each side: the space put around it.
 */
export type NgramSink = (bucket: number, from: number, to: number) => void;

/** Scratch space for the tokens of one text. */
class Tokens {
  size = 0;
  hashes = new Int32Array(256);
  starts = new Int32Array(256);
  ends = new Int32Array(256);

  push(hash: number, start: number, end: number): void {
    if (this.size === this.hashes.length) this.grow();
    this.hashes[this.size] = hash;
    this.starts[this.size] = start;
    this.ends[this.size++] = end;
  }

  private grow(): void {
    this.hashes = doubled(this.hashes);
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}

const tokens = new Tokens();
const space = 32;
const wordSalt = 0x2545f491;
const charSalt = 0x6a09e667;

/** One step of the n-gram hash; invertible in each argument, so short n-grams never collide early. */
function step(hash: number, symbol: number): number {
  const h = Math.imul(hash ^ symbol, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** Gives each n-gram of a text to `sink`: families in the specification's order, then by place. */
export function eachNgram(spec: FeaturizerSpec, characters: Characters, sink: NgramSink): void {
  const starts = familyStarts(spec);
  for (const [i, family] of spec.families.entries()) {
    if (family.unit === 'word') wordNgrams(family, starts[i]!, characters, sink);
    else charNgrams(family, starts[i]!, characters, sink);
  }
}

/** An upper bound on the n-grams of a text, to reserve room for. */
export function ngramBound(spec: FeaturizerSpec, characters: number): number {
  return spec.families.reduce((sum, f) => sum + (f.max - f.min + 1) * (characters * 2 + 2), 0);
}

function readTokens(characters: Characters): void {
  const { symbols, kinds, length } = characters;
  tokens.size = 0;
  let at = 0;
  while (at < length) {
    const kind = kinds[at]!;
    const start = at++;
    if (kind === CharacterKind.space) continue;
    let hash = step(wordSalt, symbols[start]!);
    if (kind === CharacterKind.word) {
      while (at < length && kinds[at] === CharacterKind.word) hash = step(hash, symbols[at++]!);
    }
    tokens.push(hash, start, at);
  }
}

function wordNgrams(
  family: NgramFamily,
  base: number,
  characters: Characters,
  sink: NgramSink,
): void {
  readTokens(characters);
  const shift = 32 - family.bits;
  const { hashes, starts, ends, size } = tokens;
  for (let i = 0; i < size; i++) {
    let hash = wordSalt;
    const last = Math.min(size, i + family.max);
    for (let j = i; j < last; j++) {
      hash = step(hash, hashes[j]!);
      if (j - i + 1 >= family.min) sink(base + (mix32(hash) >>> shift), starts[i]!, ends[j]!);
    }
  }
}

/** N-grams of each whitespace-separated piece with a space before and after; none is shorter than `min`. */
function charNgrams(
  family: NgramFamily,
  base: number,
  characters: Characters,
  sink: NgramSink,
): void {
  const { symbols, kinds, length } = characters;
  const { min, max } = family;
  const shift = 32 - family.bits;
  let at = 0;
  while (at < length) {
    if (kinds[at] === CharacterKind.space) {
      at++;
      continue;
    }
    const pieceStart = at;
    while (at < length && kinds[at] !== CharacterKind.space) at++;
    for (let from = pieceStart - 1; from < at; from++) {
      let hash = charSalt;
      const last = Math.min(at + 1, from + max);
      for (let to = from; to < last; to++) {
        hash = step(hash, to < pieceStart || to === at ? space : symbols[to]!);
        if (to - from + 1 >= min) sink(base + (mix32(hash) >>> shift), from, to + 1);
      }
    }
  }
}
