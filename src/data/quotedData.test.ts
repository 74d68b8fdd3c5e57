import { textWithoutQuotes } from './quotedData';

test.each([
  [
    '12 rows were skipped: "text" is {"a":1}; it must be a text (a.jsonl, line 2 and 11 more) [bad_row]',
    '12 rows were skipped [bad_row]',
  ],
  [
    '3 of 9 rows cannot be used and 2 are allowed (max_bad_rows). They are: a.csv, line 3: x. Correct them [too_many_bad_rows]',
    '3 of 9 rows cannot be used and 2 are allowed (max_bad_rows) [too_many_bad_rows]',
  ],
  [
    'column "text" is not in a.csv (columns: dear Bob, spam). The first line must name the columns. [unknown_column]',
    'column "text" is not in a.csv [unknown_column]',
  ],
  [
    'a.csv is not UTF-8: read as windows-1252 [charset]',
    'a.csv is not UTF-8: read as windows-1252 [charset]',
  ],
  ['cancelled', 'cancelled'],
])('%s', (text, expected) => expect(textWithoutQuotes(text)).toBe(expected));
