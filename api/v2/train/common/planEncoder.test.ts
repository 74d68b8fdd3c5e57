import type { Encoder } from '../../../../src/database/models/encoders';
import { planEncoder, planSteps } from './planEncoder';
import { checkInto } from './remarks';

function installed(name: string): Encoder {
  return {
    id: name,
    name,
    hash: `hash of ${name}`,
    source: 'folder',
    licence: null,
    added_at: new Date(0),
    tree: {
      manifest: { key: name, sha256: '0', bytes: 1, mediaType: 'application/json' },
      files: 1,
      bytes: 1,
    },
    family: 'bert',
    dims: 8,
    max_length: 128,
    context_length: 512,
    bytes: 1,
  };
}

const encoders = [installed('small'), installed('large')];

function noting<T>(work: (check: ReturnType<typeof checkInto>) => T) {
  const errors: string[] = [];
  return { planned: work(checkInto({ errors, warnings: [] })), errors };
}
const plan = (given: Parameters<typeof planEncoder>[0], known: readonly Encoder[] = encoders) =>
  noting((check) => planEncoder(given, known, check));
const steps = (...given: [Parameters<typeof planSteps>[0], Parameters<typeof planSteps>[1]]) =>
  noting((check) => planSteps(...given, check));

describe('planEncoder', () => {
  it('chooses none where none is named', () => {
    for (const given of [null, undefined, {}, { training: 'neither' }]) {
      expect(plan(given)).toEqual({ planned: null, errors: [] });
    }
  });

  it('fills in how the named one is trained', () => {
    expect(plan({ encoder: 'large' })).toEqual({
      planned: {
        name: 'large',
        hash: 'hash of large',
        training: 'frozen',
        max_length: 128,
        long_texts: 'window',
        quantize: false,
      },
      errors: [],
    });
  });

  it('takes what is given, up to all tokens that the encoder can take', () => {
    const given = { training: 'full', long_texts: 'truncate', max_length: 512, quantize: true };
    expect(plan({ encoder: 'small', ...given })).toMatchObject({ planned: given, errors: [] });
  });

  it('says all that is wrong, and which encoders there are', () => {
    expect(plan({ encoder: 'huge', training: 'half', long_texts: 'skip' }).errors).toEqual([
      'model_options.training is "half", allowed are "frozen" and "full"',
      'model_options.long_texts is "skip", allowed are "window" and "truncate"',
      'model_options.encoder is "huge", there are "small", "large"',
    ]);
    expect(plan({ encoder: 'huge' }, []).errors).toEqual([
      'model_options.encoder is "huge", but there is no encoder yet: an operator adds one with `trainyard encoders add`',
    ]);
  });

  it.each([7, 513])('refuses a length that the encoder has no use for: %d', (max_length) => {
    expect(plan({ encoder: 'small', max_length }).errors).toEqual([
      `model_options.max_length is ${max_length}, allowed are 8 to 512 tokens with encoder "small"`,
    ]);
  });
});

describe('planSteps', () => {
  const full = { encoder: 'small', training: 'full' };
  const none = { learning_rate: null, batch_size: null };

  it('takes the size of steps, of which 0 is none', () => {
    const given = { learning_rate: 0.001, batch_size: 16 };
    expect(steps(full, given)).toEqual({ planned: given, errors: [] });
    expect(steps(full, { learning_rate: 0, batch_size: 0 })).toEqual({ planned: none, errors: [] });
    expect(steps(full, undefined)).toEqual({ planned: none, errors: [] });
  });

  it('passes over it where nothing is stepped', () => {
    const given = { learning_rate: -1, batch_size: -1 };
    for (const options of [undefined, {}, { encoder: 'small' }, { training: 'full' }]) {
      expect(steps(options, given)).toEqual({ planned: none, errors: [] });
    }
  });

  it('says what is out of range', () => {
    expect(steps(full, { learning_rate: 1.1, batch_size: 4097 }).errors).toEqual([
      'train_options.learning_rate is 1.1, allowed is more than 0, at most 1',
      'train_options.batch_size is 4097, allowed are 1 to 4096',
    ]);
  });
});
