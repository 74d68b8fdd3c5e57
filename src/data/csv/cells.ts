/** How cells are written in a file. */
export interface Dialect {
  delimiter: string;
  /** null: no character has a meaning at the start of a cell. */
  quote: string | null;
  /** What stands before a quote inside quotes: the quote itself, or another character. */
  escape: string;
}

/** A line or a record, cut into cells. */
export interface Cut {
  cells: string[];
  /** A quote opens the cell of this place and is not closed; the cell is given as plain text. */
  open: number | undefined;
  /** Cells in quotes that hold something. */
  quoted: number;
  /** Quotes inside quotes that neither end the cell nor are written as one inside it. */
  loose: number;
}

/**
 * Cuts a text into cells. A quote is one only at the start of a cell; inside quotes it ends the cell where a
 * delimiter or the end follows (blanks may stand between), and else is a character.
 */
export function cutCells(text: string, dialect: Dialect): Cut {
  const { delimiter, quote } = dialect;
  const cut: Cut = { cells: [], open: undefined, quoted: 0, loose: 0 };
  if (quote === null || !text.includes(quote)) {
    cut.cells = text.split(delimiter);
    return cut;
  }
  for (let at = 0; ;) {
    if (text[at] === quote) {
      const close = findClose(text, at + 1, dialect);
      cut.loose += close.loose;
      if (close.at !== -1) {
        cut.cells.push(unquoted(text.slice(at + 1, close.at), dialect));
        if (close.at > at + 1) cut.quoted++;
        if (close.next >= text.length) return cut;
        at = close.next + 1;
        continue;
      }
      cut.open ??= cut.cells.length;
    }
    const end = text.indexOf(delimiter, at);
    cut.cells.push(end === -1 ? text.slice(at) : text.slice(at, end));
    if (end === -1) return cut;
    at = end + 1;
  }
}

/** What a line is when it starts inside quotes: whether it also ends inside quotes, and its loose ones up to where they end. */
export function cutInside(text: string, dialect: Dialect): { open: boolean; loose: number } {
  const close = findClose(text, 0, dialect);
  if (close.at === -1) return { open: true, loose: close.loose };
  if (close.next >= text.length) return { open: false, loose: close.loose };
  const rest = cutCells(text.slice(close.next + 1), dialect);
  return { open: rest.open !== undefined, loose: close.loose };
}

interface Close {
  /** Where the closing quote stands; -1 when there is none. */
  at: number;
  /** Where the delimiter after it stands, or the end. */
  next: number;
  loose: number;
}

function findClose(text: string, from: number, { delimiter, quote, escape }: Dialect): Close {
  let loose = 0;
  for (let at = text.indexOf(quote!, from); at !== -1; at = text.indexOf(quote!, at)) {
    if (escape !== quote && isEscaped(text, at, from, escape)) {
      at++;
      continue;
    }
    if (text[at + 1] === quote) {
      at += 2;
      continue;
    }
    let next = at + 1;
    while (isBlank(text[next]) && text[next] !== delimiter) next++;
    if (next === text.length || text[next] === delimiter) return { at, next, loose };
    loose++;
    at++;
  }
  return { at: -1, next: -1, loose };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** Whether an odd number of escapes stands right before. */
function isEscaped(text: string, at: number, from: number, escape: string): boolean {
  let before = at;
  while (before > from && text[before - 1] === escape) before--;
  return (at - before) % 2 === 1;
}

function unquoted(cell: string, { quote, escape }: Dialect): string {
  if (escape === quote || !cell.includes(escape)) {
    return cell.includes(quote! + quote!) ? cell.replaceAll(quote! + quote!, quote!) : cell;
  }
  let plain = '';
  for (let at = 0; at < cell.length; at++) {
    const next = cell[at + 1];
    const escaped = cell[at] === escape && (next === quote || next === escape);
    if (escaped || (cell[at] === quote && next === quote)) at++;
    plain += cell[at]!;
  }
  return plain;
}
