import iconv from 'iconv-lite';
import { decodeText } from './decode';
import { resolveDeclaredCharset } from './declared';
import { charsetOfLabel } from './labels';

const french = 'Les frais de dossier sont élevés à Genève, dit l’élève déçu';

function read(label: string | undefined, bytes: Buffer) {
  const { charset, ignored } = resolveDeclaredCharset(label, bytes);
  return { name: charset.name, text: decodeText(bytes, charset), ignored };
}

describe('charsetOfLabel', () => {
  it.each([
    ['latin1', 'windows-1252'],
    [' ISO-8859-1 ', 'windows-1252'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['x-cp1250', 'windows-1250'],
    ['IBM852', 'cp852'],
    ['cp866', 'ibm866'],
    ['MacRoman', 'macintosh'],
  ])('reads %j as %s', (label, name) => expect(charsetOfLabel(label)).toBe(name));

  it.each(['hex', 'base64', 'binary', 'ucs2', 'x-user-defined', '', 'cp999'])(
    'knows that %j is no charset',
    (label) => expect(charsetOfLabel(label)).toBeUndefined(),
  );
});

describe('resolveDeclaredCharset', () => {
  it('obeys a name by the table of browsers, so that euro and quotes of iso-8859-1 are read', () => {
    const bytes = iconv.encode('Price 5€ – “quoted”', 'windows-1252');
    expect(read('iso-8859-1', bytes)).toEqual({
      name: 'windows-1252',
      text: 'Price 5€ – “quoted”',
      ignored: undefined,
    });
    const greek = iconv.encode('Καλημέρα', 'iso-8859-7');
    expect(read('ISO_8859-7', greek).text).toBe('Καλημέρα');
  });

  it.each(['utf-16', 'utf-16be', 'hex', 'base64', 'utf-8', 'nonsense'])(
    'does not obey %j on single bytes, and says so',
    (label) => {
      const bytes = iconv.encode(french, 'windows-1252');
      const { name, text, ignored } = read(label, bytes);
      expect([name, text]).toEqual(['windows-1252', french]);
      expect(ignored).toMatch(/^the charset ".*" (names no known charset|does not fit its bytes)/);
    },
  );

  it('trusts valid UTF-8, wide characters and marks over the name', () => {
    expect(read('windows-1251', Buffer.from(french)).text).toBe(french);
    const wide = iconv.encode(french, 'utf-16le', { addBOM: true });
    expect(read('windows-1252', wide).text).toBe(french);
    expect(read('utf-16', wide)).toEqual({ name: 'utf-16le', text: french, ignored: undefined });
  });

  it('says nothing of a name that makes no difference', () => {
    const bytes = Buffer.from('plain words');
    expect(read('windows-1257', bytes)).toMatchObject({ text: 'plain words', ignored: undefined });
    expect(read(undefined, bytes).ignored).toBeUndefined();
  });

  it('does not obey a name that leaves bytes without a meaning', () => {
    const bytes = iconv.encode(
      'これは日本語の文章です。文字コードの検出を確認します。',
      'shift_jis',
    );
    const { name, ignored } = read('euc-jp', bytes);
    expect(name).toBe('shift_jis');
    expect(ignored).toContain('does not fit its bytes');
  });

  it('reads ISO-2022-JP, which mails have and iconv-lite lacks', () => {
    const bytes = Buffer.from('\x1b$B$3$s$K$A$O\x1b(B', 'latin1');
    expect(read('iso-2022-jp', bytes)).toMatchObject({ name: 'iso-2022-jp', text: 'こんにちは' });
  });
});
