import { labelsOf } from './labelCell';
import { runExtract } from './testing/runExtract';

const jsonl = (...rows: unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('extract from JSON Lines', () => {
  it('reads texts and labels by their names, beside CSV files', async () => {
    const { rows, summary, warnings } = await runExtract([
      [
        'a.jsonl',
        jsonl({ text: 'one, "two"\nlines', label: ' x ', more: 1 }, { label: 7, text: '' }),
      ],
      ['b.csv', 'text,label\nc,y\n'],
    ]);
    expect(rows('train')).toEqual([
      ['one, "two"\nlines', 'x'],
      ['', '7'],
      ['c', 'y'],
    ]);
    expect(summary.files[0]).toMatchObject({ rows: 2, badRows: 0, charset: 'utf-8' });
    expect(warnings.map(({ code }) => code)).toEqual(['empty_text']);
  });

  it('takes a list as the labels of a text, and an empty list as none', async () => {
    const content = jsonl(
      { text: 'a', label: ['x', ' y; z ', 'x'] },
      { text: 'b', label: [] },
      { text: 'c', label: 'x;y' },
      { text: 'd', label: [true] },
    );
    const { rows } = await runExtract([['a.jsonl', content]]);
    const labels = rows('train').map(([, cell]) => labelsOf(cell!, ';'));
    expect(labels).toEqual([['x', 'y; z'], [], ['x', 'y'], ['true']]);
  });

  it('skips lines that are no such rows, and says why', async () => {
    const content = [
      '{"text": "a", "label": "x"}\r',
      '',
      '{"text": "b", label: "x"}',
      '{"text": "c"',
      '["d", "x"]',
      '{"text": "e", "labels": "x"}',
      '{"text": null, "label": "x"}',
      '{"text": "g", "label": {"name": "x"}}',
      '{"text": "h", "label": ["x", ""]}',
      '{"text": "i", "label": ["x\\u001f"]}',
      '{"text": "j", "label": "y"}',
    ].join('\n');
    const { rows, summary } = await runExtract([['a.jsonl', content]], { max_bad_rows: 8 });
    expect(rows('train')).toEqual([
      ['a', 'x'],
      ['j', 'y'],
    ]);
    expect(summary.badRowExamples.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      expect.stringMatching(/^3: not JSON: see character 15\. Each line must hold a whole object$/),
      expect.stringMatching(/^4: not JSON: .*\. Each line must hold a whole object$/),
      '5: the line holds an array; it must hold an object, such as {"text": "…"}',
      '6: no "label" (keys: text, labels); did you mean "labels"?',
      '7: "text" is null; it must be a text',
      '8: "label" is {"name":"x"}; it must be a label or a list of labels',
      '9: the label is empty',
      '10: the label holds a control character (U+0000 or U+001F)',
    ]);
  });

  it('reads other charsets and byte order marks', async () => {
    const content = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(jsonl({ text: 'țară', label: 'x' }, { text: 'b', label: 'y' }), 'utf16le'),
    ]);
    const { rows, summary } = await runExtract([['a.jsonl', content]]);
    expect(rows('train')[0]).toEqual(['țară', 'x']);
    expect(summary.files[0]!.charset).toBe('utf-16le');
  });

  it('passes over a line that is far too long without keeping it in memory', async () => {
    const long = `{"text": "${'a'.repeat(17 << 20)}", "label": "x"}\n`;
    const { rows, summary } = await runExtract([
      ['a.jsonl', long + jsonl({ text: 'b', label: 'y' })],
    ]);
    expect(rows('train')).toEqual([['b', 'y']]);
    expect(summary.badRowExamples).toEqual([
      { file: 'a.jsonl', line: 1, reason: 'longer than 16 MiB' },
    ]);
  });

  it.each([
    ['one JSON array', '[{"text": "a", "label": "x"}]', 'not_jsonl', 'holds one JSON array'],
    ['a zip archive', 'PK\x03\x04…', 'not_jsonl', 'is not a JSON Lines file but a zip archive'],
    ['nothing', '\n', 'no_rows', 'a.jsonl'],
  ])('refuses a file of %s', async (_, content, code, message) => {
    await expect(runExtract([['a.jsonl', content]])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
