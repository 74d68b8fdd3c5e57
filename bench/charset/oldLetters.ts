/** Romanian as most charsets of one byte have it: with cedillas. */
export function withCedillas(text: string): string {
  return text.replaceAll('ș', 'ş').replaceAll('ț', 'ţ').replaceAll('Ș', 'Ş').replaceAll('Ț', 'Ţ');
}

/** Vietnamese as windows-1258 has it: most tones are marks of their own. */
export function withToneMarks(text: string): string {
  return text.replace(/[\u1ea0-\u1ef9ãìòõýĩũ]/g, (letter) => {
    const parts = letter.normalize('NFD');
    const tone = /[\u0300\u0301\u0303\u0309\u0323]/.exec(parts)?.[0] ?? '';
    return parts.replace(tone, '').normalize('NFC') + tone;
  });
}
