import type { Transitions } from '../ml/crf/lattice';
import type { Span } from './span';
import type { Tokens } from './tokens';

/**
 * Labels of tokens: 0 is outside of all spans; the tag number t has 1 + 2t for a span's first token and
 * 2 + 2t for those that follow (IOB2; Ramshaw and Marcus 1995, Tjong Kim Sang and Veenstra 1999).
 */
export const outside = 0;

export function labelCount(tags: number): number {
  return 1 + 2 * tags;
}

export function beginLabel(tag: number): number {
  return 1 + 2 * tag;
}

export function insideLabel(tag: number): number {
  return 2 + 2 * tag;
}

/** The number of a label's tag; −1 outside. */
export function tagOf(label: number): number {
  return label === outside ? -1 : (label - 1) >> 1;
}

export function isInside(label: number): boolean {
  return label !== outside && label % 2 === 0;
}

/** A span's tokens that follow its first stand after tokens of the same tag only. */
export function legalTransitions(tags: number): Omit<Transitions, 'scores'> {
  const labels = labelCount(tags);
  const legal = new Uint8Array(labels * labels);
  const follows = (from: number, to: number): boolean => !isInside(to) || tagOf(from) === tagOf(to);
  for (let from = 0; from < labels; from++) {
    for (let to = 0; to < labels; to++) legal[from * labels + to] = follows(from, to) ? 1 : 0;
  }
  const legalFirst = Uint8Array.from({ length: labels }, (_, label) => (isInside(label) ? 0 : 1));
  return { labels, legal, legalFirst };
}

/** Tokens from `first` to before `end` that make one span of a tag. */
export interface TokenSpan {
  first: number;
  end: number;
  tag: number;
}

/** The spans that labels give, in their order. */
export function spansOf(labels: ArrayLike<number>): TokenSpan[] {
  const spans: TokenSpan[] = [];
  for (let token = 0; token < labels.length; token++) {
    const label = labels[token]!;
    if (label === outside) continue;
    if (isInside(label)) spans.at(-1)!.end = token + 1;
    else spans.push({ first: token, end: token + 1, tag: tagOf(label) });
  }
  return spans;
}

/** A span that does not begin and end where tokens do: it got whole tokens, `start` to before `end`. */
export interface Widened {
  span: Span;
  start: number;
  end: number;
}

/**
 * The labels of a text's tokens. A span gets every token that it touches and no span before it has.
 *
 * @param spans in their order, without overlaps
 * @param tagNumber undefined for tags that are not known, which stay outside
 * @returns the spans that had to be widened to whole tokens, or had no token of their own (start = end)
 */
export function labelTokens(
  { starts, ends }: Tokens,
  spans: readonly Span[],
  tagNumber: (tag: string) => number | undefined,
  labels: Uint16Array,
): Widened[] {
  labels.fill(outside);
  const widened: Widened[] = [];
  let token = 0;
  for (const span of spans) {
    while (token < starts.length && ends[token]! <= span.start) token++;
    const first = token;
    while (token < starts.length && starts[token]! < span.end) token++;
    const [start, end] =
      first === token ? [span.start, span.start] : [starts[first]!, ends[token - 1]!];
    if (start !== span.start || end !== span.end) widened.push({ span, start, end });
    const tag = tagNumber(span.tag);
    if (tag === undefined) continue;
    labels.fill(insideLabel(tag), first, token);
    if (first < token) labels[first] = beginLabel(tag);
  }
  return widened;
}
