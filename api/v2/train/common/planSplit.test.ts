import { planSplit } from './planSplit';
import { checkInto } from './remarks';

type Given = Parameters<typeof planSplit>[0];

function plan(given: Given, testSplit: number | null = null) {
  const errors: string[] = [];
  const check = checkInto({ errors, warnings: [] });
  return { split: planSplit(given, testSplit, { holdout: 0.1, seed: 42 }, check), errors };
}

describe('planSplit', () => {
  it('goes by the defaults of the kind where nothing is given', () => {
    const split = { test_split: null, holdout: 0.1, seed: 42, max_bad_rows: null };
    expect(plan({})).toEqual({ split, errors: [] });
    expect(plan({ holdout: null, seed: null, max_bad_rows: null })).toEqual({ split, errors: [] });
  });

  it('takes the ends of what is allowed', () => {
    expect(plan({ holdout: 0, seed: 0, max_bad_rows: 0 }, 0.001)).toEqual({
      split: { test_split: 0.001, holdout: 0, seed: 0, max_bad_rows: 0 },
      errors: [],
    });
    expect(plan({ holdout: 0.999, seed: 2 ** 32 - 1 }, 0.999).errors).toEqual([]);
  });

  it('says what is beyond them, each by itself, in this order', () => {
    expect(plan({ max_bad_rows: -1, seed: -1, holdout: 1 }, 0).errors).toEqual([
      'train_options.test_split is 0, allowed is more than 0 and less than 1',
      'holdout is 1, allowed is 0 or more and less than 1',
      'seed is -1, allowed are 0 to 4294967295',
      'max_bad_rows is -1, allowed is 0 or more',
    ]);
    expect(plan({ seed: 2 ** 32, holdout: -0.1 }, 1).errors).toHaveLength(3);
  });
});
