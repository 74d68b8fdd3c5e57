import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { chunkSource } from '../files/fileRange';
import { readCsv, type BadRow, type CsvOptions, type CsvSummary } from './csvReader';

let root: string;
let files = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'csv-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Result extends CsvSummary {
  rows: string[][];
  lines: number[];
  bad: BadRow[];
}

async function read(content: string | Buffer, options: Partial<CsvOptions> = {}): Promise<Result> {
  const path = join(root, `file${files++}`);
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  writeFileSync(path, bytes);
  const rows: string[][] = [];
  const lines: number[] = [];
  const bad: BadRow[] = [];
  const summary = await readCsv(
    chunkSource({ name: 'train.csv', path, offset: 0, bytes: bytes.length }),
    {
      delimiter: ',',
      columns: ['text', 'label'],
      onRow: (values, line) => {
        rows.push(values);
        lines.push(line());
      },
      onBadRow: (row) => bad.push(row),
      ...options,
    },
  );
  return { ...summary, rows, lines, bad };
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
          expect(result.rows).toEqual(rows);
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

  it('skips rows with misplaced quotes, naming line and column, and goes on after them', async () => {
    const { rows, bad } = await read('text,label\n5" pipe,x\na,y\n"he said "hi" to me",z\nb,w\n');
    expect(rows.map((row) => row[0])).toEqual(['a', 'b']);
    expect(bad).toEqual([
      { line: 2, reason: expect.stringMatching(/^a quote in the middle of column 1 \("text"\)/) },
      { line: 4, reason: expect.stringMatching(/^text after a closing quote in column 1/) },
    ]);
  });

  it('fails with the line of the row when a quote is never closed', async () => {
    await expect(read('text,label\na,x\nb,"y\nc,z\n')).rejects.toMatchObject({
      kind: 'data',
      code: 'unclosed_quote',
      message: expect.stringContaining('line 3 of train.csv, column 2 ("label")'),
    });
  });

  it('takes 10 MB in one cell and refuses a row over the limit by its line', async () => {
    const large = 'x'.repeat(10_000_000);
    const { rows } = await read(`text,label\n"${large}",b\n`);
    expect(rows.map((row) => row[0]!.length)).toEqual([large.length]);
    await expect(
      read('text,label\na,b\n"open,c\n'.padEnd(9000, 'd,e\n'), { maxRowBytes: 4096 }),
    ).rejects.toMatchObject({
      kind: 'limit',
      code: 'row_too_large',
      message: expect.stringContaining('row at line 3 of train.csv'),
    });
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
