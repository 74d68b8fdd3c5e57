import { cutText, documentCharacters, documentWords } from './cutText';

describe('cutText', () => {
  it('leaves a text within the limits as it is', () => {
    for (const text of [
      '',
      ' a b\n',
      'word '.repeat(documentWords),
      '字'.repeat(documentCharacters),
    ]) {
      const cut = cutText(text);
      expect(cut.wasCut).toBe(false);
      expect(cut.text === text).toBe(true);
    }
  });

  it('keeps the first words of a longer one', () => {
    const { text, wasCut } = cutText(`${'a '.repeat(documentWords)}b`);
    expect(wasCut).toBe(true);
    expect(text).toBe('a '.repeat(documentWords).trimEnd());
  });

  it('keeps the first characters of a text without spaces, and no half of an emoji', () => {
    const { text, wasCut } = cutText(`a${'🙂'.repeat(documentCharacters)}`);
    expect(wasCut).toBe(true);
    expect(text.length).toBe(documentCharacters - 1);
    expect(text.endsWith('🙂')).toBe(true);
  });
});
