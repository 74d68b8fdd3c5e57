import { charsetOfLabel, shownCharsets } from '../../../../src/data/charset/labels';
import type { RowFormat } from '../../../../src/rows/rowFormat';
import type { FormatOptions } from './fields';
import type { Check } from './remarks';

type Format = Pick<RowFormat, 'delimiter' | 'quote' | 'escape' | 'charset'>;

/** How the files are written; null is left to the reader. */
export function planFormat(given: Partial<FormatOptions> | null | undefined, check: Check): Format {
  const delimiter = given?.delimiter ?? null;
  const quote = given?.quote ?? null;
  const escape = given?.escape ?? null;
  const marks = { delimiter, quote: quote === '' ? null : quote, escape };
  for (const [name, mark] of Object.entries(marks)) {
    const or = name === 'quote' ? ', or "" for none' : '';
    check(
      mark === null || isMark(mark),
      `model_options.${name} is ${JSON.stringify(mark)}, allowed is one character that is no line break${or}`,
    );
  }
  // Without a delimiter it is one of these, by the name of the file.
  const delimiters = delimiter === null ? [',', '\t'] : [delimiter];
  for (const [name, mark] of Object.entries({ quote: marks.quote ?? '"', escape })) {
    check(
      mark === null || quote === '' || !delimiters.includes(mark),
      `model_options.${name} is ${JSON.stringify(mark)} as the delimiter is, allowed is another character`,
    );
  }
  check(
    escape === null || quote !== '',
    'model_options.escape has no use with quote "": it stands before quotes inside quotes',
  );
  return { delimiter, quote, escape, charset: planCharset(given?.charset, check) };
}

/** One character that is no line break; the readers cut by UTF-16 units. */
function isMark(mark: string): boolean {
  return mark.length === 1 && !'\r\n\0\ufeff'.includes(mark);
}

function planCharset(label: string | undefined, check: Check): string | null {
  if (label === undefined) return null;
  const charset = charsetOfLabel(label);
  check(
    charset !== undefined,
    `model_options.charset is ${JSON.stringify(label)}, allowed are names of charsets such as ${shownCharsets}`,
  );
  return charset ?? null;
}
