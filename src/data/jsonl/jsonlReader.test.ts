import type { RowCounts } from '../csv/rowSorter';
import type { ChunkSource } from '../files/fileRange';
import { readJsonl, type JsonlOptions } from './jsonlReader';

interface Read {
  counts: RowCounts;
  rows: Record<string, unknown>[];
  bad: string[];
  charset: string;
}

function source(content: Buffer | string, chunk: number): ChunkSource {
  const bytes = Buffer.from(content as string);
  return {
    name: 'a.jsonl',
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunk) {
        yield await Promise.resolve(bytes.subarray(at, at + chunk));
      }
    },
  };
}

async function read(
  content: Buffer | string,
  chunk = 1000,
  options: Partial<JsonlOptions> = {},
): Promise<Read> {
  const rows: Read['rows'] = [];
  const bad: string[] = [];
  const { charset, counts } = await readJsonl(source(content, chunk), {
    onRow: (row) => rows.push(row),
    onBadRow: (line, reason) => bad.push(`${line}: ${reason}`),
    ...options,
  });
  return { rows, bad, charset: charset.name, counts };
}

const bom = Buffer.from([0xef, 0xbb, 0xbf]);

describe('readJsonl', () => {
  it.each([10, 16, 37])('reads lines that lie across chunks of %i bytes', async (chunk) => {
    const text = 'ață 🙂 '.repeat(20);
    const { rows, bad } = await read(`{"text": "${text}"}\n\n  {"text": 2}\r\n{"n": 3}`, chunk);
    expect(rows).toEqual([{ text }, { text: 2 }, { n: 3 }]);
    expect(bad).toEqual([]);
  });

  it('passes over a byte order mark, also one that does not fit in the first chunk', async () => {
    const content = Buffer.concat([bom, Buffer.from('{"text": "a"}\n{"text": "b"}\n')]);
    for (const chunk of [2, 3, 1000]) {
      const { rows, bad } = await read(content, chunk);
      expect(rows).toEqual([{ text: 'a' }, { text: 'b' }]);
      expect(bad).toEqual([]);
    }
  });

  it('takes a line with bytes that are no UTF-8 as bad, and reads the others', async () => {
    const content = Buffer.concat([
      Buffer.from('{"text": "ață, ță, ță"}\n'.repeat(20)),
      Buffer.from('{"text": "a'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}\n{"text": "last"}\n'),
    ]);
    const { rows, bad, charset } = await read(content);
    expect(charset).toBe('utf-8');
    expect(bad).toEqual(['21: bytes that are not utf-8']);
    expect(rows).toHaveLength(21);
    expect(rows.at(-1)).toEqual({ text: 'last' });
  });

  it('says where a line stops being JSON, or that it ends too early', async () => {
    const lines = [
      '{"a": NaN}',
      '\t {"a": None}',
      '{"a": x}',
      '{"a": "b"',
      '{"a": "b',
      '{"a": "b",',
      '{"a": "b"}, ',
    ];
    const { bad } = await read(lines.join('\n'));
    const reasons = bad.map((text) => /not JSON: (.*?)\. Each line must/.exec(text)?.[1]);
    expect(reasons).toEqual([
      'see character 7',
      'see character 9',
      'see character 7',
      'it ends too early',
      'it ends too early',
      'it ends too early',
      'see character 11',
    ]);
  });

  it('takes a line over the limit as bad, and one that reaches it', async () => {
    const line = (length: number): string => `{"a": "${'x'.repeat(length - 9)}"}`;
    const limit = { maxRowBytes: 1 << 20 };
    const { rows, bad } = await read(`${line(1 << 20)}\n${line((1 << 20) + 1)}\n`, 50_000, limit);
    expect(rows).toHaveLength(1);
    expect(bad).toEqual(['2: longer than 1 MiB']);
  });

  it('refuses one JSON array, also when its line is over the limit', async () => {
    const content = `\n [{"text": "${'x'.repeat(2 << 20)}"}]`;
    const error = { code: 'not_jsonl', message: expect.stringContaining('holds one JSON array') };
    await expect(read(content)).rejects.toMatchObject(error);
    await expect(read(content, 1000, { maxRowBytes: 1 << 20 })).rejects.toMatchObject(error);
  });

  it('counts each line as good, bad or blank, also where files with marks were put together', async () => {
    const one = Buffer.concat([bom, Buffer.from('{"text": "a"}\n\nno\n')]);
    const { rows, counts } = await read(Buffer.concat([one, one]));
    expect(rows).toEqual([{ text: 'a' }, { text: 'a' }]);
    expect(counts).toEqual({ lines: 6, good: 2, bad: 2, blank: 2, other: 0 });
  });
});
