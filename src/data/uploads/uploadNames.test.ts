import fc from 'fast-check';
import { posix, win32 } from 'node:path';
import { checkKey } from '../../artifacts/keys';
import { checkSubDir, uploadName } from './uploadNames';

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        'C:',
        '~',
        '%2e%2e',
        '\0',
        '\n',
        ' ',
        '#',
        ';',
        'a',
        'ș',
      ),
      fc.string({ maxLength: 5, unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What a check let through; undefined when it threw. */
function allowed<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch {
    return undefined;
  }
}

function expectInside(root: string, path: string): void {
  expect(posix.resolve(root, path).startsWith(`${root}/`)).toBe(true);
  const windows = win32.resolve(`C:${root}`, path);
  expect(windows.startsWith(`C:${root.replaceAll('/', '\\')}\\`)).toBe(true);
}

describe('names of uploaded files', () => {
  it('never lead out of the upload, whatever was sent', () => {
    fc.assert(
      fc.property(hostile, (filename) => {
        const name = allowed(() => uploadName(filename, 'sub'));
        if (name !== undefined) expectInside('/data/sub', name.slice('sub/'.length));
      }),
      { numRuns: 5000 },
    );
  });

  it('are the same when they are sent again as they were kept', () => {
    fc.assert(
      fc.property(hostile, (filename) => {
        const name = allowed(() => uploadName(filename));
        if (name !== undefined) expect(uploadName(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['a.txt', 'a.txt'],
    ['./a.txt', 'a.txt'],
    ['x//y/./a.txt', 'x/y/a.txt'],
    ['..a/b...txt', '..a/b...txt'],
    ['__proto__', '__proto__'],
    ['with space & ünïcode.txt', 'with space & ünïcode.txt'],
  ])('keep what people mean: %j is %j', (filename, name) => {
    expect(uploadName(filename)).toBe(name);
  });

  it.each(['C:', './C:', 'C:x/a.txt', './/c:\\a', '/a.txt', './a/../../b'])(
    'are refused where they mean another place: %j',
    (filename) => {
      expect(() => uploadName(filename)).toThrow('is not allowed');
    },
  );

  it('have a folder in front when one is asked for', () => {
    expect(uploadName('x/a.txt', checkSubDir('spam_2'))).toBe('spam_2/x/a.txt');
    expect(uploadName('a.txt', checkSubDir(''))).toBe('a.txt');
  });
});

describe('keys of stored objects', () => {
  it('never lead out of the store, whatever they are', () => {
    fc.assert(
      fc.property(hostile, (key) => {
        if (allowed(() => checkKey(key) ?? true)) expectInside('/data', key);
      }),
      { numRuns: 5000 },
    );
  });
});
