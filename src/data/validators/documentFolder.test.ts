import { verifyDocumentFolder } from './documentFolder';

const files = (category: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `docs/${category}/${i}.pdf`);

describe('verifyDocumentFolder', () => {
  it('accepts two categories of ten PDF files and lists them', () => {
    const verdict = verifyDocumentFolder([...files('a', 10), ...files('__proto__', 11)]);
    expect(verdict.is_valid).toBe(true);
    expect(Object.keys(verdict.categories)).toEqual(['a', '__proto__']);
    expect(verdict.categories['a']).toHaveLength(10);
    expect(verdict.categories['a']![0]).toBe('0.pdf');
    expect(JSON.parse(JSON.stringify(verdict)).categories).toHaveProperty(
      ['__proto__', 'length'],
      11,
    );
  });

  it('passes over hidden files, as a training does', () => {
    const hidden = ['docs/.DS_Store', '.git/HEAD', 'docs/a/.ipynb_checkpoints/1.pdf'];
    const verdict = verifyDocumentFolder([...files('a', 10), ...hidden, ...files('b', 10)]);
    expect(verdict.is_valid).toBe(true);
    expect(Object.keys(verdict.categories)).toEqual(['a', 'b']);
  });

  it.each([
    [[...files('a', 10), ...files('b', 10), 'docs/b/x.txt'], '"docs/b/x.txt" is not a .pdf file'],
    [[...files('a', 10), ...files('b', 10), 'docs/x.pdf'], '"docs/x.pdf" is not of the form root/'],
    [
      [...files('a', 10), 'docs/b/c/x.pdf'],
      '"docs/b/c/x.pdf" is not of the form root/category/file',
    ],
    [[...files('a', 10), 'docs//x.pdf'], 'is not of the form'],
    [files('a', 20), 'at least 2 categories, found 1'],
    [[], 'at least 2 categories, found 0'],
    [[...files('a', 10), ...files('b', 9)], 'at least 10 files, "b" has 9'],
  ])('says what is wrong otherwise', (filenames, message) => {
    const { is_valid, msg } = verifyDocumentFolder(filenames);
    expect(is_valid).toBe(false);
    expect(msg).toContain(message);
  });
});
