import { chardet } from 'jschardet';
import { mixesAlphabets, shareInAlphabet } from './alphabets';
import { plainCharset } from './charset';
import { decodeText } from './decode';
import { charsetOfLabel, iconvName } from './labels';

/** Bytes of different lines that a guess is made of. */
const mostBytes = 64 << 10;

/** What the detector calls otherwise than the WHATWG table. */
const names = new Map([
  ['cp932', 'shift_jis'],
  ['shift_jis_2004', 'shift_jis'],
  ['euc_jis_2004', 'euc-jp'],
  ['euc-jis-2004', 'euc-jp'],
  ['cp949', 'euc-kr'],
  ['cp874', 'windows-874'],
  ['big5hkscs', 'big5'],
  ['maclatin2', 'maccenteuro'],
  ['maccyrillic', 'x-mac-cyrillic'],
]);

/** All but the pages of mainframes, in which no ASCII letter is one. */
const { MODERN_WEB, LEGACY_ISO, LEGACY_MAC, LEGACY_REGIONAL, DOS } = chardet.EncodingEra;
const encodingEra = MODERN_WEB | LEGACY_ISO | LEGACY_MAC | LEGACY_REGIONAL | DOS;

/** How much more or less likely files are in a charset than by their letters alone. */
function priorOf(charset: string): number {
  if (charset === 'windows-1252') return 1.04;
  return /^(?:cp|mac)/.test(charset) ? 0.98 : 1;
}

interface Candidate {
  charset: string;
  score: number;
}

/**
 * The likeliest charset of bytes that are no UTF-8, by their letters. Of charsets in which the `columns` stand at
 * the start of the text only one is chosen, however likely others are.
 */
export function guessCharset(samples: readonly Buffer[], columns: readonly string[] = []): string {
  const bytes = linesToRead(samples);
  if (hasOnlySigns(bytes)) return 'windows-1252';
  const candidates = candidatesFor(bytes);
  const start = Buffer.concat(samples.map((sample) => sample.subarray(0, 4096)));
  const foreign = columns.map((name) => name.trim()).filter((name) => /[^\x20-\x7e]/.test(name));
  const named = candidates.filter(
    ({ charset }) => foreign.length > 0 && holds(start, charset, foreign),
  );
  const best = (named[0] ?? candidates[0])?.charset ?? 'windows-1252';
  // Where two charsets read the same, the usual one is named.
  return isSameText(bytes, best, 'windows-1252') ? 'windows-1252' : best;
}

/** Whether nothing but quotes, dashes and the like is not ASCII: there are no letters to go by. */
function hasOnlySigns(bytes: Buffer): boolean {
  const text = decodeText(bytes, plainCharset('windows-1252'));
  return !/[^\x20-\x7e\s“”„‘’‚–—…€£©®™§°«»·•]/.test(text);
}

/**
 * The best first. With little text the detector's scores lie close together, so they are weighed by what it does not
 * look at: whether the letters are those of the language that it found, and of one alphabet in a word.
 */
function candidatesFor(bytes: Buffer): Candidate[] {
  const found = chardet.detectAll(bytes, { encodingEra, ignoreThreshold: true });
  const candidates = found.flatMap(({ encoding, language, confidence }): Candidate[] => {
    const charset = readable(encoding ?? '');
    if (charset === undefined) return [];
    const text = decodeText(bytes, plainCharset(charset));
    if (mixesAlphabets(text)) return [];
    const share = shareInAlphabet(text, language);
    return [{ charset, score: confidence * share * share * priorOf(charset) }];
  });
  return candidates.sort((a, b) => b.score - a.score);
}

/** Whether bytes make sense in a charset: hardly any of them is none of its characters. */
export function fitsCharset(bytes: Buffer, charset: string): boolean {
  let wrong = 0;
  let right = 0;
  for (const character of decodeText(bytes, plainCharset(charset))) {
    if (character === '\ufffd' || (character >= '\x80' && character < '\xa0')) wrong++;
    else if (character > '\x7f') right++;
  }
  return wrong * 50 <= right;
}

function readable(encoding: string): string | undefined {
  const label = encoding.toLowerCase();
  const charset = names.get(label) ?? charsetOfLabel(label);
  // Pure ASCII and UTF have been told from this before.
  if (charset === undefined || charset.startsWith('utf-') || label === 'ascii') return undefined;
  return iconvName(charset) === undefined ? undefined : charset;
}

function isSameText(bytes: Buffer, one: string, other: string): boolean {
  return decodeText(bytes, plainCharset(one)) === decodeText(bytes, plainCharset(other));
}

function holds(start: Buffer, charset: string, columns: readonly string[]): boolean {
  const text = decodeText(start, plainCharset(charset));
  return columns.every((name) => text.includes(name));
}

/** The different lines with bytes that are not ASCII, up to a number of bytes; repeated rows say nothing new. */
function linesToRead(samples: readonly Buffer[]): Buffer {
  const lines = new Set<string>();
  const most = Math.max(1024, Math.floor(mostBytes / samples.length));
  for (const sample of samples) {
    let taken = 0;
    for (const line of sample.toString('latin1').split(/[\r\n]+/)) {
      // eslint-disable-next-line no-control-regex -- bytes that are not ASCII
      if (!/[^\x00-\x7f]/.test(line) || lines.has(line)) continue;
      if (taken > 0 && taken + line.length > most) break;
      lines.add(line.slice(0, most));
      taken += line.length;
    }
  }
  return Buffer.from([...lines].join('\n'), 'latin1');
}
