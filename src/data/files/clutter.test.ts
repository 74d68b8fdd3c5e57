import { isClutter } from './clutter';

test.each([
  '.DS_Store',
  'mail/ham/.DS_Store',
  '.git/HEAD',
  'mail/spam/.ipynb_checkpoints/1-checkpoint.txt',
  'mail/.hidden/1.txt',
  '__MACOSX/mail/spam/1.txt',
  'mail/spam/~$report.docx',
  'mail/spam/1.txt~',
  'mail/spam/2.pdf.crdownload',
  'mail/spam/2.pdf.part',
  'mail/spam/.~lock.report.docx#',
  'mail/spam/Thumbs.db',
  'mail/spam/Desktop.ini',
  '@eaDir/1.txt',
])('%s is clutter', (path) => expect(isClutter(path)).toBe(true));

test.each([
  'a.csv',
  'mail/spam/1.txt',
  './mail/spam/1.txt',
  'mail/v1.2/1.txt',
  'mail/spam/~notes.txt',
  'mail/__MACOSX.txt',
  'mail/ham/part',
  'mail/temp/1.txt',
])('%s is not', (path) => expect(isClutter(path)).toBe(false));
