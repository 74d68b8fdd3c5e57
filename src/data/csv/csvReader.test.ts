import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { chunkSource } from '../files/fileRange';
import { readCsv, type BadRow, type CsvOptions, type CsvSummary, type RowNote } from './csvReader';

let root: string;
let files = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'csv-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Result extends CsvSummary {
  rows: string[][];
  lines: number[];
  bad: BadRow[];
  notes: RowNote[];
}

async function read(
  content: string | Buffer,
  options: Partial<CsvOptions> = {},
  name = 'train.csv',
): Promise<Result> {
  const path = join(root, `file${files++}`);
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  writeFileSync(path, bytes);
  const rows: string[][] = [];
  const lines: number[] = [];
  const bad: BadRow[] = [];
  const notes: RowNote[] = [];
  const summary = await readCsv(chunkSource({ name, path, offset: 0, bytes: bytes.length }), {
    columns: ['text', 'label'],
    onRow: (values, line) => {
      rows.push(values);
      lines.push(line());
    },
    onBadRow: (row) => bad.push(row),
    onNote: (note) => notes.push(note),
    ...options,
  });
  return { ...summary, rows, lines, bad, notes };
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('readCsv', () => {
  it('reads back every cell, whatever delimiter, line ending and neighbours it has', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).map((s) => s.replaceAll('\0', ''));
    const noise = fc.constantFrom('', ',', '"', '\n', '\r\n', '\t', ';', ' ', 'ș', '中文', '🙂');
    const rich = fc.tuple(cell, noise, cell).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(rich, rich), { maxLength: 12 }),
        fc.constantFrom(',', '\t', ';', '|'),
        fc.constantFrom('\n', '\r\n'),
        async (rows, delimiter, end) => {
          const all = [['text', 'label'], ...rows];
          const content = all.map((row) => row.map(quoted).join(delimiter) + end).join('');
          const result = await read(content, { delimiter });
          const isBlank = (cell: string): boolean => cell.trim() === '' || cell === '\u001a';
          expect(result.rows).toEqual(rows.filter((row) => !row.every(isBlank)));
          expect(result.bad).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives wanted columns in their order and ignores others, even one named __proto__', async () => {
    const { rows } = await read('__proto__,label,x,text\n1,spam,2,hello\n');
    expect(rows).toEqual([['hello', 'spam']]);
    const own = await read('__proto__,label\na,b\n', { columns: ['__proto__', 'label'] });
    expect(own.rows).toEqual([['a', 'b']]);
  });

  it('numbers lines as an editor does, over quoted line breaks, CRLF and blank lines', async () => {
    const { lines, bad } = await read(
      'text,label\r\n"a\r\nb\r\nc",x\r\nd,y\r\nno\r\n"e\nf",z\r\ng,w\r\n',
    );
    expect(lines).toEqual([2, 5, 7, 9]);
    expect(bad).toEqual([{ line: 6, reason: 'wrong number of fields: 1, the header has 2' }]);
  });

  it('accepts a byte order mark, a missing last line end and blank lines', async () => {
    const { rows, charset } = await read('\ufefftext,label\n\na,x\n   \nb,y');
    expect(rows).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    expect(charset).toEqual({ name: 'utf-8', bom: 3, damaged: false });
  });

  it('reads files whose lines end in different ways', async () => {
    const { rows } = await read('text,label\r\na,x\nb,y\rc,z\r\n');
    expect(rows.map((row) => row.join())).toEqual(['a,x', 'b,y', 'c,z']);
  });

  it('suggests the nearest column for one that is missing', async () => {
    await expect(read('text,label\na,b\n', { columns: ['text', 'labl'] })).rejects.toMatchObject({
      text: 'column "labl" is not in train.csv (columns: text, label). Did you mean "label"? [unknown_column]',
    });
  });

  it('says which delimiter a file seems to have', async () => {
    await expect(read('text;label\na;b\n')).rejects.toThrow(
      'The file seems to be separated by ";": set the option delimiter.',
    );
  });

  it('shows names from the header without line breaks and at a readable length', async () => {
    const header = `"a\nb\u0007",${'x'.repeat(500)}`;
    const shown = `(columns: a b\\u{7}, ${'x'.repeat(60)}…)`;
    await expect(read(`${header}\n1,2\n`)).rejects.toThrow(shown);
    const wide = Array.from({ length: 25 }, (_, i) => `c${i}`).join(',');
    await expect(read(`${wide}\n`)).rejects.toThrow('c18, c19, and 5 more)');
  });

  it('refuses a column that stands twice in the header, but only when it is wanted', async () => {
    await expect(read('text,label,text\na,b,c\n')).rejects.toMatchObject({
      code: 'duplicate_column',
    });
    expect((await read('text,label,x,x\na,b,c,d\n')).rows).toEqual([['a', 'b']]);
  });

  it('gives no rows for an empty file and for one with a header only', async () => {
    expect(await read('')).toMatchObject({ header: [], rows: [] });
    expect(await read('text,label\n')).toMatchObject({ header: ['text', 'label'], rows: [] });
    expect(await read('text,label')).toMatchObject({ header: ['text', 'label'], rows: [] });
  });

  it('takes a quote inside a plain cell, or one that ends none, as a character', async () => {
    const { rows, bad } = await read(
      'text,label\nMonitor 24" wide,x\n5\' 6",y\n"he said "hi" to me",z\n"blank after" ,w\n',
    );
    expect(rows.map((row) => row[0])).toEqual([
      'Monitor 24" wide',
      '5\' 6"',
      'he said "hi" to me',
      'blank after',
    ]);
    expect(bad).toEqual([]);
  });

  it('reads the row after a bad one right, whatever quotes the bad one has', async () => {
    const { rows, bad } = await read(
      'text,label\n"a "b", c",x\n"good",y\n"open, and more,z\n"good too",w\n"a","b",c\nlast,x\n',
    );
    expect(rows.map((row) => row[0])).toEqual(['good', 'good too', 'last']);
    expect(bad.map(({ line }) => line)).toEqual([2, 4, 6]);
    expect(bad[0]!.reason).toContain('3, the header has 2; write a quote inside quotes twice');
    expect(bad[1]!.reason).toContain('a quote opens column 1 ("text") and is not closed');
  });

  it.each([
    ['a comma', ','],
    ['a tab', '\t'],
  ])('gives up a quote that would swallow rows (%s between them)', async (_, delimiter) => {
    const row = (i: number): string => `text ${i}${delimiter}${i % 2 ? 'ham' : 'spam'}`;
    const lines = Array.from({ length: 80 }, (_, i) => row(i));
    lines[10] = `"${lines[10]}`;
    lines[50] = lines[50]!.replace(delimiter, `"${delimiter}`);
    const { rows, bad, notes, counts } = await read(
      `text${delimiter}label\n${lines.join('\n')}\n`,
      { delimiter },
    );
    expect([rows.length, bad.length]).toEqual([80, 0]);
    expect(rows[10]).toEqual(['"text 10', 'spam']);
    expect(rows[50]![0]).toBe('text 50"');
    expect(notes).toEqual([
      { line: 12, code: 'literal_quote', message: expect.stringContaining('column 1 ("text")') },
    ]);
    expect(counts).toEqual({ lines: 81, good: 80, bad: 0, blank: 0, other: 1 });
  });

  it('keeps cells of several lines whole, also where each line has as many commas as a row', async () => {
    const cells = ['Hello, John\nBob', 'one, two\nthree, four\nfive', '\n\n', 'a\r\nb'];
    const content = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', ...cells].map(
      (cell, i) => `"${cell}",label${i % 2}\n`,
    );
    const { rows, notes } = await read(`text,label\n${content.join('')}`);
    expect(rows.slice(10).map((row) => row[0])).toEqual(cells);
    expect([rows.length, notes]).toEqual([14, []]);
  });

  it('names a cell whose lines could be rows when nothing tells', async () => {
    const { rows, notes } = await read('text,label\n"a,b\nc,d\ne",f\n');
    expect(rows).toEqual([['a,b\nc,d\ne', 'f']]);
    expect(notes).toEqual([
      { line: 2, code: 'long_cell', message: expect.stringContaining('holds 3 lines') },
    ]);
  });

  it('reads on after a quote that is never closed', async () => {
    const { rows, bad, notes } = await read('text,label\na,x\nb,"y\nc,z\n"d and more\ne,w\n');
    expect(rows).toEqual([
      ['a', 'x'],
      ['b', '"y'],
      ['c', 'z'],
      ['e', 'w'],
    ]);
    expect(notes.map(({ line, code }) => [line, code])).toEqual([[3, 'literal_quote']]);
    expect(bad).toEqual([
      { line: 5, reason: expect.stringContaining('a quote opens column 1 ("text")') },
    ]);
  });

  it('reads a file of nothing but quotes that open in a time that grows with its size', async () => {
    const line = 'a",x,"b';
    const { counts } = await read(`text,label\n${`${line}\n`.repeat(100_000)}`);
    expect(counts).toEqual({ lines: 100_001, good: 0, bad: 100_000, blank: 0, other: 1 });
  });

  it('understands backslashes before quotes where only they make a right row, and says so', async () => {
    const content =
      'text,label\n"now \\"urgent, please\\"",x\n"plain",y\n"two\nlines \\"a\\"",x\n"C:\\dir\\",z\n"a ""b""",w\n';
    const { rows, bad, notes } = await read(content);
    expect(rows.map((row) => row[0])).toEqual([
      'now "urgent, please"',
      'plain',
      'two\nlines "a"',
      'C:\\dir\\',
      'a "b"',
    ]);
    expect(bad).toEqual([]);
    expect(notes.map(({ line, code }) => [line, code])).toEqual([[2, 'backslash_quotes']]);
    const told = await read(content, { escape: '"' });
    expect(told.bad[0]!.reason).toContain('set the option escape to a backslash');
  });

  it('takes quote and escape from options', async () => {
    const none = await read('text,label\n"a,x\n"b",y\n', { quote: '' });
    expect(none.rows).toEqual([
      ['"a', 'x'],
      ['"b"', 'y'],
    ]);
    const own = await read("text,label\n'a, $'b$' $$',x\n", { quote: "'", escape: '$' });
    expect(own.rows).toEqual([["a, 'b' $", 'x']]);
  });

  it('knows lines that programs leave above and between rows', async () => {
    const bom = '\ufeff';
    const part = `${bom}sep=;\nReport of May\n\n text ;label\n----;-----\na;x\n;\n`;
    const { rows, bad, notes, counts } = await read(`${part}${part}total\n;;\n\u001a`);
    expect(rows).toEqual([
      ['a', 'x'],
      ['a', 'x'],
    ]);
    expect(bad.map(({ line }) => line)).toEqual([9, 15]);
    expect(notes.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: 2 lines only name the delimiter (sep=) and were passed over; this is the first',
      '2: 1 line above the header was passed over',
      '5: 2 lines only underline the header and were passed over; this is the first',
      '7: 3 lines hold only delimiters and were passed over; this is the first',
      '11: 1 line repeats the header and was passed over',
    ]);
    expect(counts).toEqual({ lines: 17, good: 2, bad: 2, blank: 6, other: 7 });
  });

  it('reads .tsv with tabs unless told otherwise', async () => {
    expect((await read('text\tlabel\na, b\tx\n', {}, 'a.TSV')).rows).toEqual([['a, b', 'x']]);
    expect((await read('text;label\na;x\n', { delimiter: ';' }, 'a.tsv')).rows).toHaveLength(1);
  });

  it('counts every line of any file exactly once', async () => {
    const piece = fc.constantFrom(
      'a',
      ',',
      '"',
      '\n',
      '\r\n',
      '\r',
      '\\',
      ' ',
      ';',
      '\ufeff',
      'sep=;',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const content = `text,label\n${pieces.join('')}`;
        const { rows, bad, counts } = await read(content);
        const lines = content.split(/\r\n|\n|\r/);
        expect(counts.lines).toBe(lines.at(-1) === '' ? lines.length - 1 : lines.length);
        expect([rows.length, bad.length]).toEqual([counts.good, counts.bad]);
      }),
      { numRuns: 300 },
    );
  });

  it('names the charset in the error of a column that is not there', async () => {
    const content = iconv.encode('näme,größe\nä,ö\n', 'windows-1252');
    const charset = { name: 'windows-1251', bom: 0, damaged: false };
    await expect(read(content, { columns: ['größe'], charset })).rejects.toThrow(
      'was read as windows-1251: if letters look wrong, set the option charset.',
    );
  });

  it('takes 10 MB in one cell; a row over the limit is bad, and the next ones are read', async () => {
    const large = 'x'.repeat(10_000_000);
    const { rows } = await read(`text,label\n"${large}",b\n`);
    expect(rows.map((row) => row[0]!.length)).toEqual([large.length]);
    const { bad, lines } = await read(
      `text,label\na,b\n${'y'.repeat(2 << 20)},c\n"open,c\n${'d,e\n'.repeat(600_000)}`,
      { maxRowBytes: 1 << 20 },
    );
    expect(bad).toEqual([{ line: 3, reason: 'longer than 1 MiB' }]);
    expect(lines.length).toBe(600_002);
  }, 60_000);

  it('counts rows with NUL bytes as bad', async () => {
    const { rows, bad } = await read('text,label\na\0b,x\nc,y\n');
    expect(rows).toEqual([['c', 'y']]);
    expect(bad).toEqual([{ line: 2, reason: 'a NUL byte in column 1 ("text")' }]);
  });

  it('says what a file with the wrong name really is', async () => {
    await expect(read(Buffer.from('PK\x03\x04abc'))).rejects.toMatchObject({ code: 'not_csv' });
  });

  it.each([
    [
      'windows-1250',
      'Această știre despre Mănăstirea Voroneţ şi Bucureşti a fost publicată în ţară'.replaceAll(
        'ș',
        'ş',
      ),
    ],
    ['windows-1252', 'Le café était déjà fermé où les élèves français étaient allés à Noël'],
    ['windows-1251', 'Это обычное русское предложение для проверки кодировки файла'],
    ['shift_jis', 'これは日本語の文章です。文字コードの検出を確認します。'],
    ['gb18030', '这是一个用来检查字符集检测的中文句子，内容并不重要。'],
    ['utf-16le', 'Ein Satz mit Umlauten: Äpfel und Öl zur Übung'],
    ['utf-16be', 'A plain sentence and nothing more'],
  ])('detects and decodes %s', async (name, sentence) => {
    const content = `text,label\n${`${sentence},x\n`.repeat(20)}`;
    const result = await read(iconv.encode(content, name));
    expect(result.rows).toEqual(Array.from({ length: 20 }, () => [sentence, 'x']));
    if (name !== 'windows-1250') expect(result.charset.name).toBe(name);
  });

  it('keeps a UTF-8 file with a few wrong bytes as UTF-8 and skips only their rows', async () => {
    const good = Buffer.from(`text,label\n${'ăîșț,x\n'.repeat(50)}`);
    const { rows, bad, charset } = await read(
      Buffer.concat([good, Buffer.from('a\xe9b,x\n', 'latin1')]),
    );
    expect(charset).toMatchObject({ name: 'utf-8', damaged: true });
    expect(rows.length).toBe(50);
    expect(bad).toEqual([{ line: 52, reason: 'bytes that are not utf-8 in column 1 ("text")' }]);
  });

  it('keeps characters whole that lie across the chunks in which a file is read', async () => {
    const cell = `a${'中🙂ș'.repeat(60_000)}`;
    const { rows, charset } = await read(`text,label\n${cell},x\n${cell},y\n`);
    expect(charset.name).toBe('utf-8');
    expect(rows.map((row) => row[0] === cell)).toEqual([true, true]);
  });

  it('reads a part of a pack', async () => {
    const path = join(root, 'pack');
    writeFileSync(path, 'zzztext,label\na,b\nzzz');
    const rows: string[][] = [];
    await readCsv(chunkSource({ name: 'p.csv', path, offset: 3, bytes: 15 }), {
      delimiter: ',',
      columns: ['label'],
      onRow: (values) => rows.push(values),
      onBadRow: () => undefined,
    });
    expect(rows).toEqual([['b']]);
  });

  it('stops when it is told to', async () => {
    await expect(
      read('text,label\na,b\n', { signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
  });
});
