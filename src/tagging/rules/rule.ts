/** Part of a text: UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** How one tag is found. A rule sees the text in lower case, with the offsets of the original. */
export interface Rule {
  tag: string;
  /** Score of a match with no keyword near it. */
  base: number;
  /** What each word or phrase near a match adds; see keywordScorer. */
  keywords: Record<string, number>;
  /** Parts that have the form of the tag and pass its checks, each rule's patterns in order of the text. */
  find(text: string): Iterable<Span>;
  /** Whether a form is so common that only a keyword makes it a match. */
  needsKeyword?(found: string): boolean;
  /** What passes the checks is that tag by so little chance that nothing inside it is another one. */
  settles?: true;
}
