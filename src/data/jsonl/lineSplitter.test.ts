import { Readable } from 'node:stream';
import { splitLines, type Line } from './lineSplitter';

/** The lines of a text that comes in chunks of some bytes. */
async function linesOf(text: string, chunk: number, most = 100): Promise<Line[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const lines: Line[] = [];
  for await (const line of splitLines(Readable.from(chunks), most)) lines.push(line);
  return lines;
}

const shown = ({ number, bytes, tooLong }: Line): string =>
  `${number}${tooLong ? ' too long' : ''}: ${bytes.toString()}`;

describe('splitLines', () => {
  it.each([1, 2, 3, 5, 7, 100])('gives the same lines in chunks of %i bytes', async (chunk) => {
    const lines = await linesOf('ață\r\n\nb🙂c\nlast', chunk);
    expect(lines.map(shown)).toEqual(['1: ață\r', '2: ', '3: b🙂c', '4: last']);
  });

  it('adds no line after a last line break', async () => {
    expect((await linesOf('a\n', 10)).map(shown)).toEqual(['1: a']);
    expect(await linesOf('', 10)).toEqual([]);
  });

  it.each([1, 3, 8, 100])(
    'tells a line that is over the limit from one that reaches it, in chunks of %i bytes',
    async (chunk) => {
      const lines = await linesOf('12345\n123456\n1234567890\n12345', chunk, 5);
      expect(lines.map(({ number, tooLong }) => [number, tooLong])).toEqual([
        [1, false],
        [2, true],
        [3, true],
        [4, false],
      ]);
    },
  );

  it('keeps of a line over the limit only how it starts', async () => {
    const [line] = await linesOf(`[${'x'.repeat(100_000)}`, 300, 5000);
    expect(line).toMatchObject({ number: 1, tooLong: true });
    expect(line!.bytes.toString()).toBe(`[${'x'.repeat(1023)}`);
  });
});
