import { validateTrainableCsv, type CsvFile } from './trainableCsv';

const file = (content: string, name = 'a.csv'): CsvFile => ({
  name,
  bytes: Buffer.byteLength(content),
  async *chunks() {
    yield await Promise.resolve(Buffer.from(content));
  },
});

describe('validateTrainableCsv', () => {
  it('gives the labels of a text file, whatever the order of its columns', async () => {
    const labels = await validateTrainableCsv([file('labels,text\nb,x\na,y\nb,z\n')], 'text');
    expect(labels).toEqual(['b', 'a']);
  });

  it('gives the tags of a token file without O', async () => {
    const content = 'source,target\nI am Ana,O O NAME\nBucharest  calls,CITY O\n';
    expect(await validateTrainableCsv([file(content)], 'token')).toEqual(['NAME', 'CITY']);
  });

  it.each([
    ['two files', [file(''), file('')], 'text', 415, 'only CSV file is supported'],
    ['no file', [], 'text', 415, 'only CSV file is supported'],
    ['another kind', [file('', 'a.txt')], 'text', 415, 'only CSV file is supported'],
    ['another type', [file('')], 'both', 422, 'type "both" is invalid'],
    ['an empty file', [file('')], 'text', 422, 'invalid column names in a.csv'],
    ['other columns', [file('text,label\na,b\n')], 'text', 422, 'got text, label'],
    ['one more column', [file('text,labels,x\na,b,c\n')], 'text', 422, 'invalid column'],
    ['a column twice', [file('text,text\na,b\n')], 'text', 422, 'invalid column'],
    [
      'short rows',
      [file('text,labels\na,b\nc\n')],
      'text',
      422,
      'line 3 of a.csv: wrong number of fields',
    ],
    [
      'uneven tokens',
      [file('source,target\na b c d e,O O O O O O\n')],
      'token',
      422,
      'number of source tokens: 5 ≠ number of target tokens: 6',
    ],
  ])('refuses %s', async (_, files, type, status, message) => {
    await expect(validateTrainableCsv(files, type)).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });

  const content = 'text,labels\na,one\nb,two\nc,one\nd,\n';
  const exact = { bytes: Buffer.byteLength(content), labels: 2, labelCharacters: 6 };

  it('takes what is just within its limits', async () => {
    expect(await validateTrainableCsv([file(content)], 'text', undefined, exact)).toEqual([
      'one',
      'two',
    ]);
  });

  it.each([
    ['a larger file, unread', { bytes: exact.bytes - 1 }, /a\.csv has 33 bytes, and 32 can be/],
    ['more different labels', { labels: 1 }, /a\.csv has more than 1 different labels/],
    ['longer labels', { labelCharacters: 5 }, /labels of a\.csv have more than 5 characters/],
  ])('refuses %s', async (_, less, message) => {
    const limits = { ...exact, ...less };
    const checking = validateTrainableCsv([file(content)], 'text', undefined, limits);
    await expect(checking).rejects.toMatchObject({
      status: 413,
      message: expect.stringMatching(message),
    });
  });
});
