import type { ModelType } from './contract/modelType';
import { nlpText } from './nlp-text';
import { defaultOptions, type NlpTextOptions } from './nlp-text/options';
import { checked, getModelType, modelTypes } from './registry';

describe('getModelType', () => {
  it('knows text and document classification', () => {
    for (const name of ['nlp-text', 'nlp-doc']) expect(getModelType(name).name).toBe(name);
  });

  it('names what is known when it is asked for something else', () => {
    expect(() => getModelType('nlp-other')).toThrow(
      'model type "nlp-other" is not known (known: nlp-text, nlp-doc, nlp-token)',
    );
  });
});

describe('checked', () => {
  /** A kind that declares its `predict` under another name. */
  const kindWith = (action: string) =>
    ({
      ...nlpText,
      name: 'made-up',
      served: { ...nlpText.served, actions: { [action]: nlpText.served.actions['predict']! } },
    }) as unknown as ModelType;

  it.each(['stats', 'metrics', 'health'])(
    'refuses a kind whose action has the name of one that every deployed model answers: %s',
    (action) => {
      expect(() => checked([...modelTypes(), kindWith(action)])).toThrow(
        `model type "made-up" declares the action "${action}", which every deployed model answers (reserved: stats, metrics, health)`,
      );
    },
  );

  it('takes actions of any other name, also those of two kinds that are called the same', () => {
    const kinds = ['predict', 'Stats', 'constructor'].map(kindWith);
    expect(checked(kinds)).toBe(kinds);
  });
});

describe('cacheOptions', () => {
  const options: NlpTextOptions = {
    ...defaultOptions,
    label_column: 'label',
  };
  const key = (stage: 'extract' | 'preprocess', more: Partial<NlpTextOptions>) =>
    JSON.stringify(nlpText.stages[stage]!.cacheOptions!({ ...options, ...more }));

  it('reads the files again when a column is another, not when the seed is', () => {
    expect(key('extract', { text_column: 'body' })).not.toBe(key('extract', {}));
    expect(key('extract', { seed: 1, epochs: 3, holdout: 0 })).toBe(key('extract', {}));
  });

  it('splits anew when the seed is another, not when the epochs are', () => {
    expect(key('preprocess', { seed: 1 })).not.toBe(key('preprocess', {}));
    expect(key('preprocess', { epochs: 3, text_column: 'body' })).toBe(key('preprocess', {}));
  });
});
