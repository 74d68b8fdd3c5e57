import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import iconv from 'iconv-lite';
import jschardet from 'jschardet';
import { plainCharset } from '../../src/data/charset/charset';
import { decodeText } from '../../src/data/charset/decode';
import { detectCharsetOf } from '../../src/data/charset/detect';
import { charsetOfLabel, iconvName } from '../../src/data/charset/labels';
import { withCedillas, withToneMarks } from './oldLetters';
import { languages } from './sentences';

/**
 * How many made files are read as they were written, by language and charset, with 10 and with 600 rows:
 *
 *   node dist/bench/charset/run.js [FOLDER]
 *
 * FOLDER holds a `node_modules` with chardet and charset-detector, which are measured, too, as is jschardet alone. What counts is
 * the text, not the name: windows-1252 and iso-8859-15 are both right where the text has no euro sign.
 */
type Detector = (bytes: Buffer) => string | undefined;

function detectorsIn(folder: string | undefined): Record<string, Detector> {
  const own: Record<string, Detector> = {
    trainyard: (bytes) => detectCharsetOf(bytes).name,
    jschardet: (bytes) => charsetOfLabel(jschardet.detect(bytes).encoding ?? ''),
  };
  if (folder === undefined) return own;
  const load = createRequire(join(resolve(folder), 'here.js'));
  const chardet = load('chardet') as { analyse(bytes: Buffer): { name: string }[] };
  const icu = load('charset-detector') as (bytes: Buffer) => { charsetName: string }[];
  return {
    ...own,
    chardet: (bytes) => charsetOfLabel(chardet.analyse(bytes)[0]?.name ?? ''),
    'charset-detector': (bytes) => charsetOfLabel(icu(bytes)[0]?.charsetName ?? ''),
  };
}

function main(): void {
  const detectors = detectorsIn(process.argv[2]);
  const right = new Map<string, number>();
  const missed: string[] = [];
  let pairs = 0;
  for (const [language, { charsets, sentences }] of Object.entries(languages)) {
    for (const charset of charsets.split(' ')) {
      pairs++;
      for (const rows of [10, 600]) {
        const text = madeFile(lettersOf(charset, sentences), rows);
        const bytes = iconv.encode(text, iconvName(charset)!);
        if (iconv.decode(bytes, iconvName(charset)!) !== text) {
          throw new Error(`${language} cannot be written in ${charset}`);
        }
        for (const [name, detect] of Object.entries(detectors)) {
          const found = detect(bytes);
          const isRight = found !== undefined && decodeText(bytes, plainCharset(found)) === text;
          const key = `${name} ${rows}`;
          right.set(key, (right.get(key) ?? 0) + Number(isRight));
          if (!isRight && name === 'trainyard') {
            missed.push(`${language} in ${charset}, ${rows} rows: read as ${String(found)}`);
          }
        }
      }
    }
  }
  for (const [key, count] of right) console.log(`${key} rows: ${count} of ${pairs}`);
  for (const line of missed) console.log(line);
}

/** Only ISO-8859-16 has Romanian letters with commas; apostrophes are not in every page. */
function lettersOf(charset: string, sentences: readonly string[]): string[] {
  const hasCurly = charset.startsWith('windows') || charset === 'macintosh';
  return sentences.map((sentence) => {
    const cedillas = charset === 'iso-8859-16' ? sentence : withCedillas(sentence);
    const letters = charset === 'windows-1258' ? withToneMarks(cedillas) : cedillas;
    return hasCurly ? letters : letters.replaceAll('’', "'");
  });
}

function madeFile(sentences: readonly string[], rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const one = sentences[row % sentences.length]!;
    const other = sentences[(row * 7 + Math.floor(row / 10)) % sentences.length]!;
    return `"${one} ${(row * 7919) % 10_000}, ${other}",label${row % 3}`;
  });
  return `text,label\n${lines.join('\n')}\n`;
}

main();
