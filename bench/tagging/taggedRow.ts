/** Where something stands in a text: first character and the one after its last, in code points. */
export type Place = [start: number, end: number];

/** A span: where it stands, and its tag. */
export type TaggedPlace = [...Place, tag: string];

/** A text with its words and its spans, as all systems of the bench get it. */
export interface TaggedRow {
  text: string;
  words: Place[];
  spans: TaggedPlace[];
}

export interface TaggedSet {
  train: TaggedRow[];
  test: TaggedRow[];
}

/**
 * A row of words and their tags, IOB1 or BIO2. Spans are cut as `conlleval` cuts them: an I- after O, or after
 * another tag, begins one.
 */
export function rowOfTags(words: readonly string[], tags: readonly string[]): TaggedRow {
  const row: TaggedRow = { text: words.join(' '), words: [], spans: [] };
  let start = 0;
  for (const [i, word] of words.entries()) {
    const end = start + Array.from(word).length;
    row.words.push([start, end]);
    const [prefix, tag] = partsOf(tags[i]!);
    const goesOn = prefix === 'I' && i > 0 && partsOf(tags[i - 1]!)[1] === tag;
    if (goesOn) row.spans.at(-1)![1] = end;
    else if (prefix !== 'O') row.spans.push([start, end, tag]);
    start = end + 1;
  }
  return row;
}

/** `B-ORG` → `B` and `ORG`; a tag may hold hyphens. */
function partsOf(label: string): [prefix: string, tag: string] {
  return [label.slice(0, 1), label.slice(2)];
}

/** The tags of the rows, in the order of their names. */
export function tagsOf(rows: readonly TaggedRow[]): string[] {
  return [...new Set(rows.flatMap(({ spans }) => spans.map(([, , tag]) => tag)))].sort();
}
