import { buildDocx, buildPdf, deflated } from '../../data/documents/testing/hostileDocuments';
import { runExtract } from './testing/runExtract';

// Starting threads takes seconds on a busy machine, and a bomb takes its time.
jest.setTimeout(120_000);

const lines = (count: number, make = (i: number): string => `t${i},c${i % 2}`): string =>
  `text,label\n${Array.from({ length: count }, (_, i) => `${make(i)}\n`).join('')}`;

describe('extract from CSV', () => {
  it('reads the rows of all files in their order, train and test apart', async () => {
    const result = await runExtract([
      ['b.csv', 'text,label\nb,x\n'],
      ['a.csv', 'label,text\n y ,a\n'],
      ['t.csv', 'text,label\nt,z\n', 'test'],
    ]);
    expect(result.rows('train')).toEqual([
      ['b', 'x'],
      ['a', 'y'],
    ]);
    expect(result.rows('test')).toEqual([['t', 'z']]);
    expect(result.summary).toMatchObject({ readerVersion: 2, rows: 3, badRows: 0 });
    expect(result.warnings).toEqual([]);
    expect(result.progress.length).toBeGreaterThan(0);
  });

  it('hashes the same rows alike, whether from one file or from many', async () => {
    const one = await runExtract([['a.csv', 'text,label\na,x\nb,y\n']]);
    const two = await runExtract([
      ['a.csv', 'text,label\na,x\n'],
      ['b.csv', 'text,label\nb,y\n'],
    ]);
    expect(two.hash).toBe(one.hash);
  });

  it('skips bad rows, shows the first ten and counts the others', async () => {
    const content = lines(2000, (i) => (i % 100 === 0 ? `only one` : `t${i},c`));
    const { summary, warnings, rows } = await runExtract([['a.csv', content]], {
      max_bad_rows: 20,
    });
    expect(rows('train').length).toBe(1980);
    expect(summary).toMatchObject({ rows: 1980, badRows: 20 });
    expect(summary.badRowExamples.length).toBe(10);
    expect(summary.badRowExamples[1]).toEqual({
      file: 'a.csv',
      line: 102,
      reason: 'wrong number of fields: 1, the header has 2',
    });
    expect(summary.files[0]).toMatchObject({ rows: 1980, badRows: 20, charset: 'utf-8' });
    expect(warnings.length).toBe(11);
    expect(warnings.at(-1)).toEqual({ code: 'bad_row', message: '10 more rows were skipped' });
  });

  it('counts one more bad row as one', async () => {
    const content = lines(2000, (i) => (i < 11 ? 'only one' : `t${i},c`));
    const { warnings } = await runExtract([['a.csv', content]], { max_bad_rows: 20 });
    expect(warnings.at(-1)).toEqual({ code: 'bad_row', message: '1 more row was skipped' });
  });

  it('fails over max_bad_rows with the first ten places', async () => {
    await expect(
      runExtract([['a.csv', lines(30, () => 'x')]], { max_bad_rows: 3 }),
    ).rejects.toMatchObject({
      code: 'no_rows',
    });
    const half = lines(30, (i) => (i % 2 ? 'x' : 'x,y'));
    await expect(runExtract([['a.csv', half]], { max_bad_rows: 3 })).rejects.toMatchObject({
      kind: 'data',
      code: 'too_many_bad_rows',
      message: expect.stringMatching(
        /^15 of 30 rows cannot be used and 3 are allowed \(max_bad_rows\)\. The first 10: a\.csv, line 3: wrong number/,
      ),
    });
  });

  it('allows ten bad rows, or one in a hundred, when max_bad_rows is not given', async () => {
    const withBad = (rows: number, bad: number): string =>
      lines(rows, (i) => (i < bad ? 'x' : 'x,y'));
    await expect(runExtract([['a.csv', withBad(50, 10)]])).resolves.toBeDefined();
    await expect(runExtract([['a.csv', withBad(50, 11)]])).rejects.toThrow('10 are allowed');
    await expect(runExtract([['a.csv', withBad(2000, 20)]])).resolves.toBeDefined();
    await expect(runExtract([['a.csv', withBad(2000, 21)]])).rejects.toThrow('20 are allowed');
  });

  it('takes a row without label as bad and keeps one without text', async () => {
    const { rows, summary, warnings } = await runExtract([
      ['a.csv', 'text,label\na, \n ,x\nb,y\n'],
    ]);
    expect(rows('train')).toEqual([
      [' ', 'x'],
      ['b', 'y'],
    ]);
    expect(summary.badRowExamples).toEqual([
      { file: 'a.csv', line: 2, reason: 'the label is empty' },
    ]);
    expect(warnings.map((w) => w.code).sort()).toEqual(['bad_row', 'empty_text']);
  });

  it('says that there are no rows, for empty files and for headers only', async () => {
    await expect(
      runExtract([
        ['a.csv', ''],
        ['b.csv', 'text,label\n'],
      ]),
    ).rejects.toMatchObject({
      text: 'no rows to train on in a.csv, b.csv. Give files with rows: below the header in .csv. [no_rows]',
    });
    await expect(
      runExtract([
        ['a.csv', lines(3)],
        ['t.csv', 'text,label\n', 'test'],
      ]),
    ).rejects.toThrow('no rows to test on in t.csv');
    await expect(
      runExtract([
        ['a.csv', ''],
        ['b.jsonl', ''],
      ]),
    ).rejects.toThrow(
      'Give files with rows: below the header in .csv, an object a line in .jsonl.',
    );
    await expect(runExtract([])).rejects.toMatchObject({ code: 'no_files' });
  });

  it('goes on when only one of several files is empty', async () => {
    const { rows, warnings } = await runExtract([
      ['a.csv', ''],
      ['b.csv', lines(3)],
    ]);
    expect(rows('train').length).toBe(3);
    expect(warnings).toEqual([{ code: 'empty_file', message: 'a.csv is empty' }]);
  });

  it('reads files whose other columns differ, and warns', async () => {
    const { rows, warnings } = await runExtract([
      ['a.csv', 'text,label,id\na,x,1\n'],
      ['b.csv', 'source,label,text\ns,y,b\n'],
    ]);
    expect(rows('train').length).toBe(2);
    expect(warnings.map((w) => w.code)).toEqual(['columns_differ']);
    await expect(
      runExtract([
        ['a.csv', lines(2)],
        ['b.csv', 'txt,label\na,b\n'],
      ]),
    ).rejects.toMatchObject({
      code: 'unknown_column',
      message: expect.stringContaining('not in b.csv (columns: txt, label). Did you mean "txt"?'),
    });
  });

  it('names the charset of a file that is not UTF-8', async () => {
    const content = Buffer.from(`text,label\n${'le café était fermé,x\n'.repeat(9)}`, 'latin1');
    const { rows, summary, warnings } = await runExtract([['a.csv', content]]);
    expect(rows('train')[0]).toEqual(['le café était fermé', 'x']);
    expect(summary.files[0]!.charset).toBe('windows-1252');
    expect(warnings[0]!.message).toContain('it was read as windows-1252');
  });

  it('refuses files that are not named .csv, but passes over what systems leave in folders', async () => {
    await expect(
      runExtract([
        ['a.csv', lines(2)],
        ['notes.docx', 'x'],
      ]),
    ).rejects.toMatchObject({
      code: 'unsupported_file_type',
      message: expect.stringContaining(
        'notes.docx cannot be read: nlp-text trains on files that end in .csv',
      ),
    });
    const { warnings } = await runExtract([
      ['.DS_Store', 'x'],
      ['A.CSV', lines(2)],
      ['x/Thumbs.db', ''],
    ]);
    expect(warnings).toEqual([
      {
        code: 'ignored_files',
        message: '2 hidden or system files were ignored, such as .DS_Store',
      },
    ]);
  });

  it('stops with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('cancelled by a person'));
    await expect(runExtract([['a.csv', lines(2)]], {}, { signal })).rejects.toThrow(
      'cancelled by a person',
    );
  });
});

describe('extract from documents', () => {
  const options = { doc_classification: true };

  it('takes the folder as the class and skips what cannot be read, with the reason', async () => {
    const { rows, summary } = await runExtract(
      [
        ['mail/spam/1.txt', 'win money now'],
        ['mail/ham/2.EML', 'Subject: Lunch\r\nFrom: a@example.org\r\n\r\nAt noon?\r\n'],
        ['ham/3.html', '<title>Plans</title><p>See <b>you</b></p><script>alert(1)</script>'],
        ['ham/4.xyz', 'data'],
        ['ham/5.txt', ''],
        ['spam/6.txt', 'unseen', 'test'],
      ],
      options,
    );
    expect(rows('train')).toEqual([
      ['win money now', 'spam'],
      ['Lunch\n\nAt noon?', 'ham'],
      ['Plans\n\nSee you', 'ham'],
    ]);
    expect(rows('test')).toEqual([['unseen', 'spam']]);
    expect(summary.badRowExamples).toEqual([
      {
        file: 'ham/4.xyz',
        line: null,
        reason: expect.stringContaining('.xyz files cannot be read (readable: .txt, .eml, .html'),
      },
      { file: 'ham/5.txt', line: null, reason: 'the file is empty' },
    ]);
    expect(summary.files[0]).toMatchObject({ charset: 'utf-8', rows: 1, badRows: 0 });
  });

  it('takes no document whose folder has a name that no label may have', async () => {
    const { rows, summary } = await runExtract(
      [
        ['\u001fa\u001fb/1.txt', 'x'],
        ['a/2.txt', 'y'],
      ],
      options,
    );
    expect(rows('train')).toEqual([['y', 'a']]);
    expect(summary.badRowExamples).toEqual([
      {
        file: '\u001fa\u001fb/1.txt',
        line: null,
        reason:
          "its folder's name, which is its class, holds a control character (U+0000 or U+001F)",
      },
    ]);
  });

  it('refuses a document in no folder, since the folder names the class', async () => {
    await expect(runExtract([['a.txt', 'x']], options)).rejects.toMatchObject({
      code: 'no_class_folder',
      message: expect.stringContaining('a.txt lies in no folder'),
    });
  });

  it('cuts long documents and says so', async () => {
    const { rows, warnings } = await runExtract([['a/1.txt', 'word '.repeat(12_000)]], options);
    expect(rows('train')[0]![0]!.split(' ').length).toBe(10_000);
    expect(warnings.map((w) => w.code)).toEqual(['document_cut']);
  });

  it('takes and refuses the same documents on any number of cores and with any memory', async () => {
    const files: Parameters<typeof runExtract>[0] = [
      ['a/bomb.pdf', buildPdf({ pages: [], stream: deflated(600 << 20) })],
      ['a/encrypted.pdf', buildPdf({ pages: ['x'], encrypted: true })],
      ['a/large.docx', await buildDocx(' '.repeat(60 << 20))],
      ['a/whole.pdf', buildPdf({ pages: ['a whole page'] })],
      ...Array.from({ length: 12 }, (_, i) => [`b/${i}.html`, `<p>page ${i}`] as const),
    ];
    const [small, large] = [
      { cores: 1, memoryMb: 500 },
      { cores: 4, memoryMb: 7000 },
    ];
    const one = await runExtract(files, options, small);
    const other = await runExtract(files, options, large);
    expect(other.rows('train')).toEqual(one.rows('train'));
    expect(one.rows('train')).toHaveLength(13);
    expect(other.summary).toEqual(one.summary);
    expect(one.summary.badRowExamples.map(({ reason }) => reason)).toEqual([
      'reading the document takes more than 350 MiB of memory',
      expect.stringContaining('encrypted'),
      expect.stringContaining('unzips to more than'),
    ]);
  });

  it('says what to ask for when the allocation has less memory than one document may take', async () => {
    const small = { cores: 1, memoryMb: 400 };
    await expect(runExtract([['a/1.txt', 'x']], options, small)).rejects.toMatchObject({
      kind: 'limit',
      code: 'allocation_too_small',
      message: expect.stringContaining('allocation_memory of 500 or more'),
    });
  });

  it('keeps the order of the files, whichever is read first', async () => {
    const files = Array.from({ length: 60 }, (_, i) => {
      const text = `document ${i} `.repeat(i % 7 === 0 ? 5000 : 1);
      return [`c/${i}.${i % 7 === 0 ? 'html' : 'txt'}`, text] as const;
    });
    const { rows } = await runExtract(files, options);
    expect(rows('train').map(([text]) => Number(/\d+/.exec(text!)![0]))).toEqual(
      files.map((_, i) => i),
    );
  });

  it('stops when it is told to, without waiting for the documents being read', async () => {
    const signal = AbortSignal.abort(new Error('cancelled by a person'));
    await expect(runExtract([['a/1.txt', 'x']], options, { signal })).rejects.toThrow(
      'cancelled by a person',
    );
  });
});
