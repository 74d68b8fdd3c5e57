import { wilsonInterval } from '../../../ml/metrics/interval';
import { characterOffsets } from '../../../tagging/textOffsets';
import type { Span } from '../../../tagging/span';
import { qualityOf, type SpanCounts, SpanScores } from '../../../tagging/spanScores';
import type { TokenSpan } from '../../../tagging/tagLabels';
import { wordsOf } from '../../../tagging/tokens';
import type { TaggedText, TokenTagger } from '../predict/tokenTagger';
import { spanOfTokens } from '../predict/tokenTags';
import type { DoubtedTag, Measured, SentenceExample, SpanMetrics } from './evaluation';
import type { HeldOut, HeldOutRow } from './heldOut';
import { TokenCounts } from './tokenCounts';

const worstShown = 20;
const doubtsShown = 50;
/** A span that is so sure and not in the data is worth a look. */
const sure = 0.9;
/** Characters of a text that an example shows. */
const textShown = 2000;

/**
 * Measures a model on rows that it was not trained on.
 * @param onRow is called after each row; may throw to stop
 */
export async function measure(
  tagger: TokenTagger,
  heldOut: HeldOut,
  onRow: (done: number) => Promise<void>,
): Promise<Measured> {
  const tags = tagger.manifest.target_labels;
  const numbers = new Map(tags.map((tag, i) => [tag, i]));
  const scores = new SpanScores(tags.length);
  const tokens = new TokenCounts(tags, tagger.manifest.default_tag);
  const worst: SentenceExample[] = [];
  const doubted: DoubtedTag[] = [];
  const sentences = { count: 0, right: 0 };
  for (const row of heldOut.each()) {
    const known = row.spans.filter(({ tag }) => numbers.has(tag));
    const found = await tagger.tag(row.text);
    const errors = scores.add(
      tokenSpans(found, known, numbers),
      tokenSpans(found, found.spans, numbers),
    );
    sentences.count++;
    if (errors === 0) sentences.right++;
    else keepWorst(worst, example(row, known, found.spans, errors));
    tokens.add({
      words: wordsOf(row.text, found.tokens),
      gold: tagsOf(found, known),
      found: tagsOf(found, found.spans),
    });
    doubted.push(...doubtsOf(row, known, found));
    await onRow(sentences.count);
  }
  const total = metricsOf(scores.total());
  doubted.sort((a, b) => b.confidence - a.confidence || a.row - b.row);
  return {
    spans: { ...total, f1_interval: f1Interval(scores.total()) },
    tags: scores.tags.map((counts, i) => ({ tag: tags[i]!, ...metricsOf(counts) })),
    tokens: tokens.metrics(),
    confusion: scores
      .confusions()
      .map(({ gold, found, count }) => ({ gold: tags[gold]!, found: tags[found]!, count })),
    boundary_errors: {
      too_long: scores.boundaries.tooLong,
      too_short: scores.boundaries.tooShort,
      shifted: scores.boundaries.shifted,
    },
    sentences,
    worst,
    likely_wrong_tags: { count: doubted.length, examples: doubted.slice(0, doubtsShown) },
    examples: tokens.examples,
  };
}

function metricsOf(counts: SpanCounts): SpanMetrics {
  const { gold: support, found, right, partial, wrongTag: wrong_tag } = counts;
  return { ...qualityOf(counts), support, found, right, partial, wrong_tag };
}

/**
 * F1 is the share of right spans among those of both sides, each counted half (Dice); its interval is that of the
 * share, as if spans were drawn one by one.
 */
function f1Interval(counts: SpanCounts): Measured['spans']['f1_interval'] {
  const { f1 } = qualityOf(counts);
  return f1 === null ? null : wilsonInterval(f1, (counts.gold + counts.found) / 2);
}

/** The tokens that spans cover. */
function tokenSpans(
  { tokens: { starts, ends } }: TaggedText,
  spans: readonly Span[],
  numbers: ReadonlyMap<string, number>,
): TokenSpan[] {
  const found: TokenSpan[] = [];
  let token = 0;
  for (const { start, end, tag } of spans) {
    while (token < starts.length && ends[token]! <= start) token++;
    const first = token;
    let last = first;
    while (last < starts.length && starts[last]! < end) last++;
    if (last > first) found.push({ first, end: last, tag: numbers.get(tag)! });
  }
  return found;
}

function tagsOf({ tokens }: TaggedText, spans: readonly Span[]): (string | null)[] {
  return Array.from(spanOfTokens(tokens, spans), (span) => spans[span]?.tag ?? null);
}

function doubtsOf(
  { part, row, text }: HeldOutRow,
  gold: readonly Span[],
  { spans }: TaggedText,
): DoubtedTag[] {
  return spans.flatMap(({ start, end, tag, confidence }) => {
    const touching = gold.filter((span) => span.start < end && start < span.end);
    if (confidence < sure || touching.some((span) => span.tag === tag)) return [];
    const words = text.slice(start, end);
    const shown = text.slice(Math.max(0, start - 100), end + 100);
    return [
      { part, row, text: shown, words, tag: touching[0]?.tag ?? null, suggested: tag, confidence },
    ];
  });
}

function example(
  { part, row, text }: HeldOutRow,
  gold: readonly Span[],
  found: readonly Span[],
  errors: number,
): SentenceExample {
  const at = characterOffsets(text);
  const list = (spans: readonly Span[]): [number, number, string][] =>
    spans.map(({ start, end, tag }) => [at(start), at(end), tag]);
  return {
    part,
    row,
    text: text.slice(0, textShown),
    gold: list(gold),
    found: list(found),
    errors,
  };
}

function keepWorst(worst: SentenceExample[], candidate: SentenceExample): void {
  const place = worst.findIndex(({ errors }) => errors < candidate.errors);
  worst.splice(place < 0 ? worst.length : place, 0, candidate);
  if (worst.length > worstShown) worst.pop();
}
