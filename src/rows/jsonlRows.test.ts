import { labelsOf } from '../classification/labelCell';
import { runExtract } from '../model-types/nlp-text/testing/runExtract';

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
      '3: not JSON: see character 15. Each line must hold a whole object',
      '4: not JSON: it ends too early. Each line must hold a whole object',
      '5: the line holds an array; it must hold an object, such as {"text": "…"}',
      '6: no "label" (keys: text, labels); did you mean "labels"?',
      '7: "text" is null; it must be a text',
      '8: "label" is {"name":"x"}; it must be a label or a list of labels',
      '9: the label is empty',
      '10: the label holds a control character (U+0000 or U+001F)',
    ]);
  });

  it('shows of a bad line whole characters, short and on one line', async () => {
    const emoji = '🙂'.repeat(200);
    const keys = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}${emoji}`, i]));
    const content = jsonl(
      { text: 'a', label: 'x' },
      { text: { a: emoji }, label: 'x' },
      { text: { ab: emoji }, label: 'x' },
      keys,
      { 'label\0': 'x', 't\next': 'b' },
    );
    const { summary } = await runExtract([['a.jsonl', content]]);
    const reasons = summary.badRowExamples.map(({ reason }) => reason);
    expect(reasons.filter((reason) => !reason.isWellFormed() || reason.length > 300)).toEqual([]);
    expect(reasons[0]).toBe(`"text" is {"a":"${'🙂'.repeat(17)}…; it must be a text`);
    expect(reasons[1]).toBe(`"text" is {"ab":"${'🙂'.repeat(16)}…; it must be a text`);
    expect(reasons[2]).toMatch(/^no "text" \(keys: 0(🙂)+…, 1(🙂)+…, /u);
    expect(reasons[3]).toBe(
      'no "text" (keys: label\\u{0}, t\\u{A}ext); did you mean "t\\u{A}ext"?',
    );
  });

  it('finds keys by name, in whatever bytes the name is written', async () => {
    const options = { text_column: 'r\u00E9sum\u00E9' };
    const content = jsonl(
      { 're\u0301sume\u0301': 'a', ' label': 'x' },
      { 'r\u00E9sum\u00E9\u200B': 'b', label: 'y' },
    );
    const { rows } = await runExtract([['a.jsonl', content]], options);
    expect(rows('train')).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
  });

  it('takes a line that is nested without end for a bad one', async () => {
    const deep = `{"text": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "label": "x"}\n`;
    const { rows, summary } = await runExtract([
      ['a.jsonl', deep + jsonl({ text: 'b', label: 'y' })],
    ]);
    expect(rows('train')).toEqual([['b', 'y']]);
    expect(summary.badRowExamples[0]).toMatchObject({
      line: 1,
      reason: '"text" is nested too deep to be shown; it must be a text',
    });
  });

  it('refuses a text with NUL, as in CSV', async () => {
    const { rows, summary } = await runExtract([
      ['a.jsonl', jsonl({ text: 'a\0b', label: 'x' }, { text: 'b', label: 'y' })],
    ]);
    expect(rows('train')).toEqual([['b', 'y']]);
    expect(summary.badRowExamples[0]!.reason).toBe('the text holds a NUL character (U+0000)');
  });

  it('takes numbers in their shortest form, and none that would be rounded', async () => {
    const content = [
      '{"text": 1.0, "label": 9007199254740991}',
      '{"text": 0.5, "label": [1e2, false]}',
      '{"text": "c", "label": 9007199254740993}',
      '{"text": "d", "label": ["x", -1e400]}',
      '{"text": 12345678901234567890, "label": "x"}',
    ].join('\n');
    const { rows, summary } = await runExtract([['a.jsonl', content]]);
    expect(rows('train').map(([text, cell]) => [text, ...labelsOf(cell!, null)])).toEqual([
      ['1', '9007199254740991'],
      ['0.5', '100', 'false'],
    ]);
    const reason =
      'has a number beyond 9007199254740991, which would be rounded; write it in quotes';
    expect(summary.badRowExamples.map((example) => example.reason)).toEqual([
      `"label" ${reason}`,
      `"label" ${reason}`,
      `"text" ${reason}`,
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
    ['nothing', '\n', 'no_rows', 'Give files with rows: an object a line in .jsonl.'],
  ])('refuses a file of %s', async (_, content, code, message) => {
    await expect(runExtract([['a.jsonl', content]])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
