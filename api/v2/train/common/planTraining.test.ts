import { z } from 'zod';
import { TrainyardError } from '../../../../src/errors';
import { commonFields } from './fields';
import { planTraining, type KindOfTraining } from './planTraining';

const body = z.object(commonFields);
const places = { localRoots: [], s3Roots: [] };
const upload = { path: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b', location: 'upload' };
const good = { model_name: 'm', data: { supervised_files: [upload] } };

function plan(given: z.input<typeof body>, kind: Partial<KindOfTraining> = {}) {
  const whole = { type: 'some-kind', options: () => ({}), warnings: [], ...kind };
  return planTraining(body.parse(given), places, whole);
}

function refusal(...given: Parameters<typeof plan>): TrainyardError {
  try {
    plan(...given);
  } catch (error) {
    if (error instanceof TrainyardError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('planTraining', () => {
  it('fills in what a request leaves out', () => {
    expect(plan(good, { options: () => ({ depth: 3 }) })).toEqual({
      name: 'm',
      type: 'some-kind',
      baseModelId: null,
      options: { depth: 3 },
      data: {
        sources: [{ ...upload, part: 'train' }],
        cache: 'use',
        deploy_when_complete: false,
      },
      job: { allocation_cores: 1, allocation_memory: 6800 },
      warnings: [],
    });
  });

  it('takes what a request says', () => {
    const base_model_id = '0b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b';
    const given = {
      ...good,
      base_model_id,
      data: { ...good.data, test_files: [upload] },
      cache: 'refresh',
      deploy_when_complete: true,
    };
    expect(plan(given)).toMatchObject({
      baseModelId: base_model_id,
      data: {
        sources: [{ part: 'train' }, { part: 'test' }],
        cache: 'refresh',
        deploy_when_complete: true,
      },
    });
  });

  it.each([
    [{ allocation_cores: 4, allocation_memory: 500 }, 4, 500],
    [{ allocation_cores: 0, allocation_memory: 499 }, 1, 6800],
    [{ allocation_cores: -1 }, 1, 6800],
  ])('gives a job room to work in: %j', (job_options, cores, memory) => {
    expect(plan({ ...good, job_options }).job).toEqual({
      allocation_cores: cores,
      allocation_memory: memory,
    });
  });

  it('says all that is wrong at once, a line each: name, options, files, cache', () => {
    const options: KindOfTraining['options'] = (check) => {
      check(true, 'all is well');
      check(false, 'depth is 0');
      return {};
    };
    const error = refusal({ cache: 'never' }, { options });
    expect(error).toMatchObject({ code: 'invalid_options', status: 422 });
    expect(error.message.split('\n')).toEqual([
      'unable to start some-kind training, found the following errors: model_name must be specified',
      'depth is 0',
      'data.supervised_files must hold at least one file',
      'cache is "never", allowed are "use", "refresh" and "off"',
    ]);
  });

  it.each([
    ['x'.repeat(101), 'model_name has 101 characters, allowed are 100'],
    ['a\0', 'model_name must not contain NUL characters'],
  ])('refuses a name that no model may have', (model_name, says) => {
    expect(refusal({ ...good, model_name }).message).toMatch(new RegExp(`${says}$`));
  });

  it('takes the longest name that there may be', () => {
    expect(plan({ ...good, model_name: 'x'.repeat(100) }).name).toHaveLength(100);
  });

  it('keeps the warnings of one request out of the next, whose kind has the same list', () => {
    const warnings = ['depth changes nothing'];
    const twice = { ...good, data: { supervised_files: [upload, upload] } };
    expect(plan(twice, { warnings }).warnings).toEqual([
      'depth changes nothing',
      'data.supervised_files: 1 file is named more than once, and read once',
    ]);
    expect(plan(good, { warnings }).warnings).toEqual(['depth changes nothing']);
  });
});
