import { z } from 'zod';
import { optionalBlank } from './fields';
import { validateBody, validateQuery } from './validate';

const schema = z.object({
  model_name: z.string(),
  access: z.enum(['private', 'public']).optional(),
  base_model_id: z.uuid().nullish(),
  test_split: optionalBlank(z.number()),
  options: z.record(z.string(), z.unknown()).optional(),
  data: z.object({ files: z.array(z.object({ path: z.string() })).default([]) }).optional(),
  either: z.union([z.string(), z.object({ key: z.int() })]).optional(),
});

const read = (value: unknown) => validateBody(schema, value);

describe('validateBody', () => {
  it('matches keys in any case, at every depth', () => {
    const body = { MODEL_NAME: 'm', Data: { FILES: [{ Path: 'a' }] }, Either: { KEY: 1 } };
    expect(read(body)).toEqual({
      model_name: 'm',
      data: { files: [{ path: 'a' }] },
      either: { key: 1 },
    });
  });

  it('ignores unknown keys and takes null for absence', () => {
    expect(read({ model_name: 'm', other: 1, data: null, access: null })).toEqual({
      model_name: 'm',
    });
  });

  it('takes zero and the empty text for absence where a field says so', () => {
    expect(read({ model_name: 'm', test_split: 0 })).toEqual({ model_name: 'm' });
    expect(read({ model_name: 'm', test_split: '' })).toEqual({ model_name: 'm' });
  });

  it('keeps the names of free maps as they are', () => {
    const options = { Metadata: { Key: null } };
    expect(read({ model_name: 'm', options })).toEqual({ model_name: 'm', options });
  });

  it('does not take __proto__ for a field', () => {
    const body: unknown = JSON.parse('{"model_name": "m", "__proto__": {"access": "public"}}');
    expect(read(body).access).toBeUndefined();
  });

  it.each([
    [{ model_name: 1 }, 'error parsing request body: model_name: expected string, received number'],
    [
      { model_name: 'm', data: { files: [{ path: {} }] } },
      /data\.files\[0\]\.path: expected string/,
    ],
    [{ model_name: 'm', base_model_id: 'x' }, 'base_model_id: Invalid UUID'],
    [{ model_name: 'm', either: { key: 1.5 } }, 'either'],
    [[], 'expected object, received array'],
    ['text', 'expected object, received string'],
  ])('answers a wrong type in %j with 400', (body, message) => {
    expect(() => read(body)).toThrow(message);
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it.each([
    [{}, 'model_name is required'],
    [null, 'model_name is required'],
    [{ model_name: 'm', access: 'secret' }, /access: .*"private"\|"public"/],
  ])('answers a missing or impossible value in %j with 422', (body, message) => {
    expect(() => read(body)).toThrow(message);
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 422 }));
  });
});

it('describes the first hundred of the things that are wrong', () => {
  const files = Array.from({ length: 1002 }, () => ({ path: 7 }));
  expect(() => read({ model_name: 'm', data: { files } })).toThrow(
    /files\[99\]\.path: expected string, received number; and 902 more$/,
  );
});

describe('validateQuery', () => {
  const query = z.object({ limit: z.coerce.number().int().min(1).default(5) });

  it('takes the first of several values and defaults for empty ones', () => {
    expect(validateQuery(query, { limit: ['2', '3'] })).toEqual({ limit: 2 });
    expect(validateQuery(query, { limit: '' })).toEqual({ limit: 5 });
  });

  it('names the parameter that is wrong', () => {
    expect(() => validateQuery(query, { limit: 'x' })).toThrow('query limit: ');
  });
});
