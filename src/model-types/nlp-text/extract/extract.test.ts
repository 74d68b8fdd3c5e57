import iconv from 'iconv-lite';
import { buildDocx, buildPdf, deflated } from '../../../data/documents/testing/hostileDocuments';
import { runExtract } from '../testing/runExtract';

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

  it('skips bad rows, and tells all of one reason at once', async () => {
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
    const reason = 'wrong number of fields: 1, the header has 2';
    expect(warnings).toEqual([
      {
        code: 'bad_row',
        message: `20 rows were skipped: ${reason} (a.csv, line 2; a.csv, line 102; a.csv, line 202 and 17 more)`,
      },
    ]);
    const [group] = summary.findings;
    expect(group).toMatchObject({ code: 'bad_row', reason, count: 20 });
    expect(group!.places.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, i) => 100 * i + 2),
    );
  });

  it('tells the ten most frequent reasons and counts the others', async () => {
    const content = lines(2000, (i) => (i < 24 ? `x${',y'.repeat(i < 12 ? 2 : i)}` : `t${i},c`));
    const { warnings } = await runExtract([['a.csv', content]], { max_bad_rows: 24 });
    expect(warnings.length).toBe(11);
    expect(warnings[0]!.message).toMatch(/^12 rows were skipped: wrong number of fields: 3,/);
    expect(warnings[1]!.message).toMatch(/^1 row was skipped: wrong number of fields: 13,/);
    expect(warnings[10]).toEqual({
      code: 'bad_row',
      message: '3 more rows were skipped; the report has the reasons',
    });
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

  it('finds columns by name, in whatever bytes the name is written', async () => {
    const content = '\uFEFFre\u0301sume\u0301,la\u200Bbel,re\u0301sume\u0301 2\na,x,b\n';
    const options = { text_column: 'r\u00E9sum\u00E9 ', label_column: 'label' };
    const { rows } = await runExtract([['a.csv', content]], options);
    expect(rows('train')).toEqual([['a', 'x']]);
    const twice = 'text,te\u200Bxt,label\n1,2,3\n';
    await expect(runExtract([['a.csv', twice]])).rejects.toMatchObject({
      code: 'duplicate_column',
    });
    const cyrillic = 't\u0435xt\u200C,label\na,x\n';
    await expect(runExtract([['a.csv', cyrillic]])).rejects.toThrow('Did you mean "t\u0435xt"?');
  });

  it('takes a label of nothing visible for none', async () => {
    const content = 'text,label\na,\u200B\u00A0\nb,x\nc,y\n';
    const { summary } = await runExtract([['a.csv', content]]);
    expect(summary.badRowExamples).toEqual([
      { file: 'a.csv', line: 2, reason: 'the label is empty' },
    ]);
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
        message:
          '2 files were left out: hidden files and what programs leave behind are not read (.DS_Store; x/Thumbs.db)',
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

describe('extract from files as programs write them', () => {
  it('counts each line of each file, and passes on what the reader noticed', async () => {
    const { summary, warnings } = await runExtract([
      ['a.csv', '\ufeffsep=;\ntext;label\na;x\n\nno\nb;\n;\ntext;label\nc;y\n'],
      ['b.tsv', 'text\tlabel\na, b\tx\n"c\ty\nd\tx\ne"\ty\n'],
      ['c.jsonl', '{"text": "a", "label": "x"}\n\n[]\n'],
    ]);
    const { rows, badRows, blankRows, otherRows, lines, files } = summary;
    expect({ rows, badRows, blankRows, otherRows, lines }).toEqual({
      rows: 7,
      badRows: 3,
      blankRows: 3,
      otherRows: 4,
      lines: 17,
    });
    for (const file of files) {
      const { rows, badRows, blankRows, otherRows } = file;
      expect(rows + badRows + blankRows + otherRows).toBe(file.lines);
    }
    expect(warnings.map(({ code }) => code)).toEqual([
      'not_a_row',
      'not_a_row',
      'not_a_row',
      'literal_quote',
      'bad_row',
      'bad_row',
      'bad_row',
    ]);
    expect(warnings[3]!.message).toMatch(
      /^b\.tsv, line 3: the quote that opens column 1 \("text"\)/,
    );
  });

  it('reads all files of a training in one charset, and names it before a column is missed', async () => {
    const sentences = [
      'Žiadam vrátenie peňazí',
      'Ďakujem, všetko v poriadku',
      'Ľutujem, zlá veľkosť',
    ];
    const file = (rows: number): Buffer =>
      iconv.encode(
        `text,štítok\n${Array.from({ length: rows }, (_, i) => `"${sentences[i % 3]}",sťažnosť\n`).join('')}`,
        'windows-1250',
      );
    const options = { label_column: 'štítok' };
    const { rows, summary, warnings } = await runExtract(
      [
        ['a.csv', file(300)],
        ['t.csv', file(1), 'test'],
      ],
      options,
    );
    expect(summary.files.map(({ charset }) => charset)).toEqual(['windows-1250', 'windows-1250']);
    expect([...rows('train'), ...rows('test')].every((row) => row[1] === 'sťažnosť')).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['charset', 'charset']);
    await expect(
      runExtract([['a.csv', file(3)]], { ...options, charset: 'windows-1257' }),
    ).rejects.toThrow(/was read as windows-1257: if letters look wrong, set the option charset/);
  });

  it('finds a charset by the names of columns where there is little else', async () => {
    const content = iconv.encode('名前,住所\n佐藤,東京\n', 'shift_jis');
    const { rows } = await runExtract([['a.csv', content]], {
      text_column: '名前',
      label_column: '住所',
    });
    expect(rows('train')).toEqual([['佐藤', '東京']]);
  });

  it('reads in the charset that is asked for, and counts characters that were lost', async () => {
    const content = iconv.encode('text,label\nkainà šilta,x\n', 'windows-1257');
    const damaged = Buffer.concat([content, Buffer.from('a\xa1b,y\n', 'latin1')]);
    const { rows, summary, warnings } = await runExtract(
      [
        ['a.csv', damaged],
        ['b.csv', 'text,label\nș,z\nlost \ufffd,z\n'],
      ],
      { charset: 'windows-1257' },
    );
    expect(rows('train').map((row) => row[1])).toEqual(['x', 'y', 'z', 'z']);
    expect(rows('train')[2]![0]).toBe('ș');
    expect(summary.replacedRows).toBe(summary.files[0]!.replacedRows + 1);
    expect(warnings.at(-1)).toMatchObject({ code: 'replacement_character' });
  });

  it('reads UTF-16 without a mark, as exports of databases have it', async () => {
    const content = iconv.encode('text,label\nпривет,да\nпока,нет\n', 'utf-16le');
    const { rows } = await runExtract([['a.csv', content]]);
    expect(rows('train')).toEqual([
      ['привет', 'да'],
      ['пока', 'нет'],
    ]);
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

  it('takes folders that nobody can see apart for one class', async () => {
    const { rows } = await runExtract(
      [
        ['Gr\u00F6\u00DFe/1.txt', 'x'],
        ['Gro\u0308\u00DFe/2.txt', 'y'],
      ],
      options,
    );
    expect(rows('train').map(([, label]) => label)).toEqual(['Gr\u00F6\u00DFe', 'Gr\u00F6\u00DFe']);
  });

  it('makes no class of a hidden folder, and no document of a lock file', async () => {
    const { rows, warnings } = await runExtract(
      [
        ['.git/HEAD', 'ref'],
        ['mail/ham/.ipynb_checkpoints/1-checkpoint.txt', 'a copy'],
        ['mail/ham/1.txt', 'lunch'],
        ['mail/ham/~$report.docx', 'lock'],
        ['mail/spam/2.txt', 'win'],
      ],
      options,
    );
    expect(rows('train')).toEqual([
      ['lunch', 'ham'],
      ['win', 'spam'],
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['ignored_files']);
    expect(warnings[0]!.message).toMatch(/^3 files were left out: .*\(\.git\/HEAD; mail\/ham/);
    await expect(runExtract([['.a/1.txt', 'x']], options)).rejects.toMatchObject({
      code: 'no_files',
      message: expect.stringContaining('hidden or temporary, such as .a/1.txt'),
    });
  });

  it('groups what is skipped by its reason', async () => {
    const { summary, warnings } = await runExtract(
      [['a/1.txt', 'x'], ...['2', '3', '4', '5'].map((name) => [`b/${name}.txt`, ''] as const)],
      options,
    );
    expect(summary.findings).toEqual([
      {
        code: 'bad_row',
        reason: 'the file is empty',
        count: 4,
        places: ['2', '3', '4', '5'].map((name) => ({ file: `b/${name}.txt`, line: null })),
      },
    ]);
    expect(warnings.at(-1)!.message).toBe(
      '4 documents were skipped: the file is empty (b/2.txt; b/3.txt; b/4.txt and 1 more)',
    );
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
