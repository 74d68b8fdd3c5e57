import type { Place, TaggedRow, TaggedSet } from './taggedRow';

interface PiiText {
  full_text: string;
  template_id: number;
  spans: { entity_type: string; start_position: number; end_position: number }[];
}

/** All texts of a template are in one part: a template whose number is divisible by 5 is test. */
export function piiByTemplate(json: unknown): TaggedSet {
  const set: TaggedSet = { train: [], test: [] };
  for (const text of json as PiiText[]) {
    (text.template_id % 5 === 0 ? set.test : set.train).push(rowOf(text));
  }
  return set;
}

/** Every text is test. */
export function everyPiiText(json: unknown): TaggedSet {
  return { train: [], test: (json as PiiText[]).map(rowOf) };
}

function rowOf({ full_text: text, spans }: PiiText): TaggedRow {
  return {
    text,
    words: wordsOf(text),
    spans: spans
      .map((span): TaggedRow['spans'][number] => [
        span.start_position,
        span.end_position,
        span.entity_type,
      ])
      .sort(([a], [b]) => a - b),
  };
}

/** Runs of letters and digits, and each other sign by itself: what the peers that need words get. */
function wordsOf(text: string): Place[] {
  const at = (unit: number): number => Array.from(text.slice(0, unit)).length;
  return [...text.matchAll(/[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu)].map(
    ({ index, 0: word }) => [at(index), at(index + word.length)],
  );
}
