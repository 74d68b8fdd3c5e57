import { planFormat } from './planFormat';

function plan(given: Parameters<typeof planFormat>[0]) {
  const errors: string[] = [];
  const format = planFormat(given, (holds, message) => {
    if (!holds) errors.push(message);
  });
  return { format, errors };
}

describe('planFormat', () => {
  it('leaves to the reader what is not given', () => {
    const nothing = { delimiter: null, quote: null, escape: null, charset: null };
    expect(plan({})).toEqual({ format: nothing, errors: [] });
    expect(plan(undefined)).toEqual({ format: nothing, errors: [] });
  });

  it('takes one character each, no quote at all, and a charset by any of its names', () => {
    const given = { delimiter: ';', quote: "'", escape: '\\', charset: 'Latin1' };
    expect(plan(given)).toEqual({ format: { ...given, charset: 'windows-1252' }, errors: [] });
    expect(plan({ quote: '', charset: 'IBM852' })).toMatchObject({
      format: { quote: '', charset: 'cp852' },
      errors: [],
    });
  });

  it.each([
    [{ delimiter: ';;' }, 'model_options.delimiter is ";;", allowed is one character'],
    [{ quote: '\n' }, 'allowed is one character that is no line break, or "" for none'],
    [{ escape: 'ab' }, 'model_options.escape is "ab", allowed is one character'],
    [{ quote: ',' }, 'model_options.quote is "," as the delimiter is, allowed is another'],
    [{ delimiter: '"' }, 'model_options.quote is "\\"" as the delimiter is'],
    [{ escape: '\\', quote: '' }, 'model_options.escape has no use with quote ""'],
    [
      { charset: 'hex' },
      'model_options.charset is "hex", allowed are names of charsets such as utf-8',
    ],
  ])('refuses %j with what is allowed', (given, message) => {
    const { errors } = plan(given);
    expect(errors).toEqual([expect.stringContaining(message)]);
  });
});
