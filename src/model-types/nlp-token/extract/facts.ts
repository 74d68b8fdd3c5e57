/** What `extract` leaves as `tagging.json`. */
export interface ExtractFacts {
  /** Rows whose spans were given by characters of the text. */
  annotated: number;
}

export const extractFacts = 'tagging.json';
