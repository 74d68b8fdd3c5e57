import type { ChunkSource } from '../files/fileRange';
import { validateTrainableCsv } from './trainableCsv';

const file = (content: string, name = 'a.csv'): ChunkSource => ({
  name,
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
});
