import type { z } from 'zod';
import { nlpText } from '.';
import { nlpTextBody } from './schema';

const data = {
  supervised_files: [{ path: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b', location: 'upload' }],
};
const columns = { text_column: 'text', label_column: 'label', n_target_classes: 2 };
const good = { model_name: 'm', model_options: columns, data };

/** How often the encoders were looked up is counted. */
async function plan(given: z.input<typeof nlpTextBody>) {
  let lookups = 0;
  const encoders = () => {
    lookups++;
    return Promise.resolve([]);
  };
  const places = { localRoots: [], s3Roots: [] };
  const planned = nlpText.plan(nlpTextBody.parse(given), { places, encoders });
  const said = await planned.then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  return { said, lookups, planned };
}

describe('a request for text classification', () => {
  it('looks no encoder up unless it names one', async () => {
    expect(await plan(good)).toMatchObject({ said: '', lookups: 0 });
    const named = await plan({ ...good, model_options: { ...columns, encoder: 'small' } });
    expect(named).toMatchObject({
      said: expect.stringContaining('there is no encoder yet'),
      lookups: 1,
    });
  });

  it('is one for documents when it says so, which need no columns', async () => {
    const { planned } = await plan({
      model_name: 'm',
      doc_classification: true,
      model_options: { n_target_classes: 2 },
      data,
    });
    expect(await planned).toMatchObject({
      type: 'nlp-doc',
      options: { doc_classification: true, n_target_classes: 2, holdout: 0.1, seed: 42 },
    });
  });

  it('has all of its options checked before its files', async () => {
    const { said } = await plan({
      model_options: { label_delimiter: '\0', delimiter: ';;', encoder: 'small' },
      train_options: { epochs: -1, test_split: 2 },
      holdout: 2,
      seed: -1,
      max_bad_rows: -1,
      cache: 'never',
    });
    const beginnings = [
      'unable to start nlp-text training, found the following errors: model_name must be specified',
      'model_options.text_column must be specified',
      'model_options.label_column must be specified',
      'model_options.n_target_classes must be specified and greater than 0',
      'model_options.label_delimiter is "\\u0000"',
      'train_options.epochs is -1',
      'train_options.test_split is 2',
      'holdout is 2',
      'seed is -1',
      'max_bad_rows is -1',
      'model_options.delimiter is ";;"',
      'model_options.encoder is "small"',
      'data.supervised_files must hold at least one file',
      'cache is "never"',
    ];
    const lines = said.split('\n');
    expect(lines.map((line, i) => line.slice(0, beginnings[i]?.length))).toEqual(beginnings);
  });

  it('leaves the options of the data to the base model', async () => {
    const base_model_id = '0b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b';
    expect(await plan({ model_name: 'm', base_model_id, data })).toMatchObject({ said: '' });
    expect((await plan({ ...good, base_model_id })).said).toContain(
      'model_options must not be given with base_model_id',
    );
  });
});
