import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { DocumentPool, type DocumentPoolOptions } from './documentPool';
import type { DocumentText } from './documentText';
import {
  buildCjkPdf,
  buildDocx,
  buildNamelessPdf,
  buildPdf,
  buildPicturePdf,
  deflated,
  lieAboutSize,
} from './testing/hostileDocuments';

// Starting threads takes seconds on a busy machine.
jest.setTimeout(60_000);

let root: string;
let pool: DocumentPool;
let files = 0;
let bomb: Buffer;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'documents-'));
  pool = new DocumentPool({ lanes: 2 });
  bomb = buildPdf({ pages: [], stream: deflated(900 << 20) });
});
afterAll(async () => {
  await pool.close();
  rmSync(root, { recursive: true, force: true });
});

function read(name: string, content: string | Buffer, from = pool): Promise<DocumentText> {
  const path = join(root, String(files++));
  const bytes = Buffer.from(content as string);
  writeFileSync(path, bytes);
  return from.read({ name, path, offset: 0, bytes: bytes.length });
}

async function readWith(
  options: Partial<DocumentPoolOptions>,
  name: string,
  content: string | Buffer,
): Promise<DocumentText> {
  const own = new DocumentPool({ lanes: 1, ...options });
  try {
    return await read(name, content, own);
  } finally {
    await own.close();
  }
}

describe('text files', () => {
  it.each([
    ['utf-8', 'Știința și țara, 日本語, 🙂'],
    ['windows-1250', 'Ţara noastră şi oraşele ei frumoase, împreună cu munţii şi văile'],
    ['windows-1251', 'Это обычное русское предложение для проверки кодировки'],
    ['shift_jis', 'これは日本語の文章です。文字コードの検出を確認します。'],
    ['big5', '這是一個用來檢查字元集偵測的中文句子，內容並不重要。'],
    ['cp949', '이것은 문자 집합 감지를 확인하기 위한 한국어 문장입니다.'],
    ['utf-16le', 'Plain text with an emoji 🙂 in it, as Notepad saves it'],
  ])('are read in %s', async (charset, text) => {
    const { text: got } = await read('a.txt', iconv.encode(text, charset));
    expect(got).toBe(text);
  });

  it('with NUL bytes are not texts', async () => {
    await expect(read('a.txt', 'abc\0def, and quite some more text')).rejects.toMatchObject({
      code: 'not_text',
    });
  });
});

test('a stored copy that cannot be read is no fault of the document, and its place is not told', async () => {
  const path = join(root, 'gone');
  const gone = pool.read({ name: 'a/1.txt', path, offset: 0, bytes: 5 });
  await expect(gone).rejects.toMatchObject({
    kind: 'infrastructure',
    message: 'the stored copy of a/1.txt could not be read (ENOENT)',
  });
});

describe('web pages', () => {
  it('give their visible text, without scripts, styles and addresses', async () => {
    const { text } = await read(
      'a.HTM',
      '<html><head><style>p{}</style><script>document.write("no")</script></head><body>' +
        '<h1>Title</h1><p>One <a href="http://x.example">link</a></p><noscript>no</noscript>' +
        '<table><tr><td>cell</td></tr></table><img alt="no" src="x"></body></html>',
    );
    expect(text.replace(/\s+/g, ' ').trim()).toBe('Title One link cell');
  });

  it('are decoded as they declare', async () => {
    const page = '<meta charset="windows-1251"><p>Привет</p>';
    expect(await read('a.html', iconv.encode(page, 'windows-1251'))).toMatchObject({
      text: 'Привет',
      charset: 'windows-1251',
    });
  });

  it.each([
    ['utf-16', 'Les frais élevés à Genève', 'Les frais élevés à Genève', 1],
    ['hex', 'Les frais élevés à Genève', 'Les frais élevés à Genève', 1],
    ['iso-8859-1', 'Price 5€ – “quoted”', 'Price 5€ – “quoted”', 0],
  ])('that say they are in %s are read as browsers do', async (label, content, expected, told) => {
    const page = `<meta charset="${label}"><p>${content}</p>`;
    const { text, charset, warnings } = await read('a.html', iconv.encode(page, 'windows-1252'));
    expect(text).toBe(expected);
    expect(charset).toBe('windows-1252');
    expect(warnings).toHaveLength(told);
  });

  it.each([
    ['cells', '<table><tr><td>Order<td>4711<th>two</table>', 'Order 4711 two'],
    ['breaks', 'one<br>two<hr>three<p>four', 'one two three four'],
    [
      'choices',
      '<select><option>a<option>b</select><button>c</button><button>d</button>',
      'a b c d',
    ],
    ['labels', '<label>Name</label><label>Age</label><dl><dt>t<dd>u</dl>', 'Name Age t u'],
    ['links in a menu', '<nav><a>Home</a><a>News</a></nav>', 'Home News'],
    ['unknown elements that browsers show as blocks', '<center>a</center>b<dir>c</dir>', 'a b c'],
  ])('set %s apart', async (_, page, expected) => {
    expect((await read('a.html', page)).text.replace(/\s+/g, ' ')).toBe(expected);
  });

  it('keep words whole that markup goes through', async () => {
    const page = '<p>an<b>ti</b>dis<span>establish</span>ment <a>dog</a>s inter&shy;nat<wbr>ional';
    expect((await read('a.html', page)).text).toBe('antidisestablishment dogs international');
  });

  it('are read whole, wherever body and html stand again', async () => {
    const page = 'FYI<html><body><p>first</p></body><body><p>second</p></html><html><body>last';
    expect((await read('a.html', page)).text.split(/\s+/)).toEqual([
      'FYI',
      'first',
      'second',
      'last',
    ]);
  });

  it('nested without end are read whole', async () => {
    const { text } = await read('a.html', `<p>start</p>${'<div>'.repeat(10_000)}deep`);
    expect(text).toBe('start\n\ndeep');
  });

  it('of which almost nothing is text are told', async () => {
    const { warnings } = await read('a.html', `<p>few<script>${'x'.repeat(30_000)}</script>`);
    expect(warnings).toEqual(['only 3 characters of text were found in 29 KiB']);
  });
});

describe('e-mails', () => {
  it('give subject and plain body, decoded, without headers and attachments', async () => {
    const { text } = await read(
      'a.eml',
      [
        'From: Ana <ana@example.org>',
        'Subject: =?iso-8859-2?Q?Ve=B9ti?= =?utf-8?B?IPCfmYI=?=',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=iso-8859-2',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '=E3 =FE',
        '--b',
        'Content-Type: text/plain; name=x.txt',
        'Content-Disposition: attachment; filename=x.txt',
        '',
        'attached',
        '--b--',
        '',
      ].join('\r\n'),
    );
    expect(text).toBe('Vešti 🙂\n\nă ţ');
  });

  it('with HTML alone give its text', async () => {
    const mail = 'Subject: Hi\nContent-Type: text/html\n\n<p>Some <b>bold</b> words</p>';
    expect((await read('a.eml', mail)).text).toBe('Hi\n\nSome bold words');
  });

  const alternative = (plain: string, html: string): string =>
    'Subject: News\nContent-Type: multipart/alternative; boundary=b\n\n' +
    `--b\nContent-Type: text/plain\n\n${plain}\n--b\nContent-Type: text/html\n\n${html}\n--b--\n`;

  it.each([
    [
      'plain text, when it is the same',
      'At noon in the garden?',
      '<b>At noon</b> in the garden? <i>Ana</i>',
      'At noon in the garden?',
    ],
    [
      'HTML, when the other part cannot show it',
      'Your program shows no HTML.',
      '<p>Spring sale: chairs at half the price</p>',
      'Spring sale: chairs at half the price',
    ],
    [
      'HTML, when the other part is its first line',
      'Hello',
      `<p>Hello</p><p>${'all the news '.repeat(3)}of this spring and summer</p>`,
      `Hello\n\n${'all the news '.repeat(3)}of this spring and summer`,
    ],
  ])('give %s', async (_, plain, html, expected) => {
    expect((await read('a.eml', alternative(plain, html))).text).toBe(`News\n\n${expected}`);
  });

  it('of several HTML parts give all of them', async () => {
    const part = (text: string): string =>
      `--b\nContent-Type: text/html\n\n<html><body><p>${text}</p></body></html>\n`;
    const mail = `Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n${part('one')}${part('two')}--b--\n`;
    expect((await read('a.eml', mail)).text).toBe('s\n\none\n\ntwo');
  });

  it.each([
    [
      'boundary',
      'Subject: s\nContent-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\nbody words\n--b--\n',
      /boundary/,
    ],
    ['blank line', 'Subject: s\nFrom: a@example.org\nbody words\n', /blank line/],
  ])('without their %s are mended, and it is told', async (_, mail, remark) => {
    const { text, warnings } = await read('a.eml', mail);
    expect(text).toBe('s\n\nbody words');
    expect(warnings).toEqual([expect.stringMatching(remark)]);
  });

  it.each([
    [
      "Outlook's winmail.dat",
      'Content-Type: application/ms-tnef; name=winmail.dat\n',
      /winmail\.dat/,
    ],
    ['nothing', '', /no body/],
  ])('with %s for a body say that only the subject was read', async (_, header, remark) => {
    const { text, warnings } = await read('a.eml', `Subject: hello\n${header}\n`);
    expect(text).toBe('hello');
    expect(warnings).toEqual([expect.stringMatching(remark)]);
  });

  it('that say nothing of their charset are read in that of their bytes', async () => {
    const mail = 'Subject: s\n\nЭто обычное русское предложение для проверки кодировки';
    expect((await read('a.eml', iconv.encode(mail, 'windows-1251'))).text).toContain('проверки');
  });

  it('without any headers are not e-mails', async () => {
    await expect(read('a.eml', '\n\njust words')).rejects.toMatchObject({ code: 'not_mail' });
  });
});

describe('PDF files', () => {
  it('give their text, page by page', async () => {
    const { text } = await read('a.pdf', buildPdf({ pages: ['Hello there', 'Second page'] }));
    expect(text).toBe('Hello there\n\nSecond page');
  });

  it('give words whole that go on in the next line', async () => {
    const { text } = await read('a.pdf', buildPdf({ pages: ['the anti-) Tj 0 -20 Td (dote'] }));
    expect(text).toBe('the antidote');
  });

  it('set columns apart', async () => {
    const { text } = await read('a.pdf', buildPdf({ pages: ['left) Tj 200 0 Td (right'] }));
    expect(text.split(/\s+/)).toEqual(['left', 'right']);
  });

  // 返金をお願いします and 我想申请退款, in maps that the document only names.
  it.each([
    ['90ms-RKSJ-H', 'Japan1', '95d48be082f082a88ae882a282b582dc82b7', '返金をお願いします'],
    ['UniJIS-UTF16-H', 'Japan1', '8fd491d130923 0 4a'.replace(/ /g, ''), '返金をお'],
    ['GBK-EUC-H', 'GB1', 'ced2cfebc9eac7ebcdcbbfee', '我想申请退款'],
  ])('in %s are read', async (encoding, ordering, hex, expected) => {
    const { text } = await read('a.pdf', buildCjkPdf({ encoding, ordering, hex }));
    expect(text).toBe(expected);
  });

  it.each([
    ['pictures alone', buildPicturePdf(), 'pdf_without_text', /pictures .*\(OCR\)/],
    ['nothing at all', buildPdf({ pages: [''] }), 'pdf_without_text', /empty or drawings/],
    ['text that no character belongs to', buildNamelessPdf(), 'pdf_text_unknown', /fonts/],
  ])('that hold %s say so', async (_, content, code, message) => {
    await expect(read('a.pdf', content)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['encrypted', buildPdf({ pages: ['x'], encrypted: true }), 'pdf_encrypted'],
    ['cut off', buildPdf({ pages: ['x'] }).subarray(0, 300), 'pdf_truncated'],
    ['broken inside', Buffer.from('%PDF-1.4\nnothing of use\n%%EOF\n'), 'pdf_damaged'],
    ['not PDFs at all', Buffer.from('<html>404</html>'), 'not_pdf'],
  ])('that are %s are refused with the reason', async (_, content, code) => {
    await expect(read('a.pdf', content)).rejects.toMatchObject({ kind: 'data', code });
  });

  it('with more pages than the limit are read up to it', async () => {
    const { warnings } = await read('a.pdf', buildPdf({ pages: ['word'], repeat: 2500 }));
    expect(warnings).toEqual(['only the first 2000 of 2500 pages were read']);
  });

  it('that inflate without end are stopped', async () => {
    expect(bomb.length).toBeLessThan(1 << 20);
    await expect(
      readWith({ limits: { memoryMb: 120, cpuMilliseconds: 60_000 } }, 'a.pdf', bomb),
    ).rejects.toMatchObject({ kind: 'limit', code: 'document_too_large' });
  });
});

describe('Word documents', () => {
  it('give their paragraphs', async () => {
    const { text } = await read(
      'a.docx',
      await buildDocx('<w:p><w:r><w:t>Mănăstire</w:t></w:r></w:p>'),
    );
    expect(text.trim()).toBe('Mănăstire');
  });

  const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`;
  const paragraph = (...runs: string[]): string => `<w:p>${runs.join('')}</w:p>`;

  it.each([
    ['breaks', paragraph(run('a'), '<w:r><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>'), 'a b c'],
    [
      'tabs and pages',
      paragraph('<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br w:type="page"/><w:t>c</w:t></w:r>'),
      'a b c',
    ],
    [
      'cells',
      `<w:tbl><w:tr><w:tc>${paragraph(run('a'))}</w:tc><w:tc>${paragraph(run('b'))}</w:tc></w:tr></w:tbl>`,
      'a b',
    ],
    [
      'runs not',
      paragraph(run('al'), run('to'), '<w:proofErr w:type="spellEnd"/>', run('gether')),
      'altogether',
    ],
    [
      'results of fields',
      paragraph(
        '<w:r><w:instrText>PAGE</w:instrText></w:r>',
        run('7'),
        `<w:fldSimple w:instr="DATE">${run(' May')}</w:fldSimple>`,
      ),
      '7 May',
    ],
    [
      'text boxes',
      paragraph(
        run('a'),
        `<w:r><w:pict><w:txbxContent>${paragraph(run('box'))}</w:txbxContent></w:pict></w:r>`,
        run('b'),
      ),
      'a box b',
    ],
    [
      'deleted text not',
      paragraph(
        run('kept'),
        `<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>${run(' new')}</w:ins>`,
      ),
      'kept new',
    ],
  ])('are read with %s', async (_, body, expected) => {
    const { text } = await read('a.docx', await buildDocx(body));
    expect(text.replace(/\s+/g, ' ')).toBe(expected);
  });

  it('are read with headers, notes and footers; comments are told', async () => {
    const document = await buildDocx(paragraph(run('body')), {
      header: paragraph(run('head')),
      footnotes: `<w:footnote w:type="separator">${paragraph(run('-'))}</w:footnote><w:footnote>${paragraph(run('note'))}</w:footnote>`,
      endnotes: `<w:endnote>${paragraph(run('end'))}</w:endnote>`,
      footer: paragraph(run('foot')),
      comments: paragraph(run('remark')),
    });
    const { text, warnings } = await read('a.docx', document);
    expect(text).toBe('head\n\nbody\n\nnote\n\nend\n\nfoot');
    expect(warnings).toEqual(['left out: comments']);
  });

  it('that are no XML inside are refused', async () => {
    await expect(read('a.docx', await buildDocx('<w:p><w:r>'))).rejects.toMatchObject({
      code: 'docx_damaged',
    });
  });

  it('that declare more than the limit are refused before they are unzipped', async () => {
    const large = await buildDocx(' '.repeat(60 << 20));
    await expect(read('a.docx', large)).rejects.toMatchObject({
      kind: 'limit',
      message: 'the document unzips to more than 50 MiB',
    });
  });

  it('that hold more than they declare are refused', async () => {
    const liar = lieAboutSize(await buildDocx(' '.repeat(60 << 20)), 'word/document.xml', 1000);
    await expect(read('a.docx', liar)).rejects.toMatchObject({ code: 'zip_damaged' });
  });

  it('that are old, encrypted or no archives are refused with the reason', async () => {
    const ole = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)]);
    await expect(read('a.docx', ole)).rejects.toMatchObject({ code: 'docx_encrypted' });
    await expect(read('a.docx', 'hello')).rejects.toMatchObject({ code: 'zip_damaged' });
  });
});

describe('DocumentPool', () => {
  it('refuses a document that takes too long and reads the next one', async () => {
    const own = new DocumentPool({ lanes: 1, limits: { cpuMilliseconds: 1 } });
    await expect(read('a.html', '<div>'.repeat(50_000), own)).rejects.toMatchObject({
      kind: 'limit',
      message: 'reading the document takes longer than 0.001 s',
    });
    await own.close();
    expect((await read('b.txt', 'y')).text).toBe('y');
  });

  it('reads the other documents although one of them is a bomb', async () => {
    const own = new DocumentPool({ lanes: 2, limits: { memoryMb: 120, cpuMilliseconds: 60_000 } });
    const outcomes = await Promise.allSettled([
      read('a.pdf', bomb, own),
      ...Array.from({ length: 20 }, (_, i) => read(`${i}.txt`, `text ${i}`, own)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'rejected',
      ...Array.from({ length: 20 }, () => 'fulfilled'),
    ]);
    await own.close();
  });

  it('refuses by the wall clock what waits without working', async () => {
    const own = new DocumentPool({ lanes: 2, limits: { wallMilliseconds: 0 } });
    await expect(read('a.txt', 'x', own)).rejects.toMatchObject({ kind: 'limit' });
    await own.close();
  });

  it('rejects what is still being read when it is closed', async () => {
    const own = new DocumentPool({ lanes: 1 });
    const pending = [read('a.txt', 'x', own), read('b.txt', 'x', own)];
    const settled = Promise.allSettled(pending);
    await own.close();
    expect((await settled).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  });
});

const fixtures = join(process.env['TRAINYARD_DATASETS'] ?? '../shared/datasets', 'doc_fixtures');
const withFixtures = existsSync(fixtures) ? describe : describe.skip;

withFixtures('documents found in the wild', () => {
  const fixture = (name: string): Promise<DocumentText> =>
    read(name, readFileSync(join(fixtures, name)));

  // Characters without white space that another extractor finds.
  it.each([
    ['minimal-document.pdf', 594],
    ['pdflatex-4-pages.pdf', 14_484],
    ['pdflatex-outline.pdf', 7754],
    ['google-doc-document.pdf', 1119],
    ['multicolumn.pdf', 7077],
    ['pdflatex-forms.pdf', 20],
    ['test.pdf', 5169],
    ['movie-theater-booking-2024.pdf', 2147],
    ['RECEIPT-2024-TXN-98765_retail_purchase.pdf', 1474],
    ['REPAIR-2022-INV-001_multipage.pdf', 2724],
    ['SPARSE-2024-INV-1234_borderless_table.pdf', 1838],
    ['tracemonkey.pdf', 82_780],
    ['french_diacritics.pdf', 31],
  ])('%s has about as much text as pdftotext finds', async (name, characters) => {
    const { text } = await fixture(name);
    const found = text.replace(/\s+/g, ' ').trim().length;
    expect(found).toBeGreaterThan(characters * 0.6);
    expect(found).toBeLessThan(characters * 1.3 + 20);
  });

  it('a picture without text says so', async () => {
    await expect(fixture('grayscale-image.pdf')).rejects.toMatchObject({
      code: 'pdf_without_text',
    });
  });

  it.each([
    ['single-paragraph.docx', 'Walking on imported air'],
    ['tables.docx', 'Above'],
    ['footnotes.docx', 'Ouch'],
    ['simple-list.docx', 'Apple'],
    ['test.docx', 'AutoGen'],
    ['equations.docx', 'The angle is'],
    ['test_with_comment.docx', 'Abstract'],
    ['test_blog.html', 'Large language models'],
    ['test_wikipedia.html', 'Microsoft'],
  ])('%s is read', async (name, words) => {
    expect((await fixture(name)).text).toContain(words);
  });

  it.each(['source.odt', 'test.pptx', 'test.xlsx', 'test.epub'])(
    '%s is unsupported',
    async (name) => {
      await expect(fixture(name)).rejects.toMatchObject({ code: 'unsupported_document' });
    },
  );
});

test('the maps and fonts of PDF are of the pdf.js that reads it', () => {
  const root = join(__dirname, '..', '..', '..', 'node_modules');
  const { version } = JSON.parse(
    readFileSync(join(root, 'pdfjs-dist', 'package.json'), 'utf8'),
  ) as { version: string };
  expect(readFileSync(join(root, 'unpdf', 'dist', 'pdfjs.mjs'), 'utf8')).toContain(`"${version}"`);
});
