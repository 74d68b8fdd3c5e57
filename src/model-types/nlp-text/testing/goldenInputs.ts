import iconv from 'iconv-lite';
import { buildDocx, buildPdf } from '../../../data/documents/testing/hostileDocuments';
import type { NlpTextOptions } from '../options';

/** Files to extract, and the options that matter to them. */
export interface GoldenInput {
  files: (readonly [name: string, content: string | Buffer, part?: 'test'])[];
  options: Partial<NlpTextOptions>;
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

const texts = (): GoldenInput => ({
  files: [
    [
      'a.csv',
      'text,label\n' +
        'Știința și țara,ro\nŞtiinţa și ţara,ro\n日本語の文章です,ja\n今日は良い天気,ja\n' +
        '"🙂🙃 two ""smiles"",\nand 👩‍👩‍👧 a family",en\nCafé au lait,fr\nCafe\u0301 au lait,fr\n' +
        'only one field\n,en\nthree,fields,here\n  spaces around  ,  en  \n' +
        lines(30, (i) => `the text number ${i % 12} of ${i % 5},${i % 2 === 0 ? 'en' : 'fr'}`),
    ],
    [
      'b.csv',
      iconv.encode(
        `label,text\n${lines(20, (i) => `ro,"Ţara noastră şi oraşele ei, numărul ${i}"`)}`,
        'windows-1250',
      ),
    ],
  ],
  options: {},
});

const manyLabels = (): GoldenInput => ({
  files: [
    [
      'train.csv',
      'text;label\nnothing said;\nlast; ü | 日 \n' +
        lines(40, (i) => `request ${i} about ${i % 7};a${i % 3}|b${i % 2}|a${i % 3}`),
    ],
    ['test.csv', 'text;label\nrequest 3 about 4;a0|b1\nanother;new|a1\n', 'test'],
  ],
  options: { delimiter: ';', label_delimiter: '|', seed: 7 },
});

const letter = (words: string): string =>
  `From: a@example.org\r\nSubject: ${words}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n` +
  `${words}, signed\r\n`;

const documents = async (): Promise<GoldenInput> => ({
  files: [
    ['mails/spam/1.txt', 'Buy ten of them: ÷ € 🙂'],
    ['mails/spam/2.html', '<style>p{}</style><h1>Win</h1><p>now &amp; <b>here</b> às 5h</p>'],
    ['mails/spam/3.eml', letter('Știri de azi')],
    ['mails/ham/.DS_Store', 'clutter'],
    ['mails/ham/1.docx', await buildDocx('<w:p><w:r><w:t>Dear Ștefan</w:t></w:r></w:p>')],
    ['mails/ham/2.pdf', buildPdf({ pages: ['page one', 'page two'] })],
    ['mails/ham/3.txt', iconv.encode('Привет, как дела сегодня утром', 'windows-1251')],
    ['mails/ham/4.pdf', 'this is no PDF'],
  ],
  options: { doc_classification: true, test_split: 0.4 },
});

export const goldenInputs = {
  texts,
  'many labels': manyLabels,
  documents,
} satisfies Record<string, () => GoldenInput | Promise<GoldenInput>>;
