/** Part of a text: UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Part of a text that a rule takes for a tag. UTF-16 offsets into the given text, end exclusive. */
export interface RuleMatch extends Span {
  tag: string;
  /** Above 0, up to 3: the rule's base score and those of the keywords near the match. */
  score: number;
}

/** How one tag is found. A rule sees the text in lower case, with the offsets of the original. */
export interface Rule {
  tag: string;
  /** Score of a match with no keyword near it. */
  base: number;
  /** What each word or phrase near a match adds; see keywordScorer. */
  keywords: Record<string, number>;
  /** Parts that have the form of the tag and pass its checks; in any order, and they may overlap. */
  find(text: string): Iterable<Span>;
  /** Whether a form is so common that only a keyword makes it a match. */
  needsKeyword?(found: string): boolean;
  /** What passes the checks is hardly so by chance: no part of it is another tag. */
  settles?: true;
}
