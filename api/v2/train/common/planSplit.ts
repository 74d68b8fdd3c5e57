import type { CommonBody } from './fields';
import type { Check } from './remarks';

/** Which rows measure the model, and what random choices go by. */
export interface Split {
  test_split: number | null;
  holdout: number;
  seed: number;
  max_bad_rows: number | null;
}

export function planSplit(
  body: Pick<CommonBody, 'seed' | 'holdout' | 'max_bad_rows'>,
  split: number | null,
  defaults: Pick<Split, 'holdout' | 'seed'>,
  check: Check,
): Split {
  check(
    split === null || (split > 0 && split < 1),
    `train_options.test_split is ${String(split)}, allowed is more than 0 and less than 1`,
  );
  const holdout = body.holdout ?? defaults.holdout;
  check(holdout >= 0 && holdout < 1, `holdout is ${holdout}, allowed is 0 or more and less than 1`);
  const seed = body.seed ?? defaults.seed;
  check(seed >= 0 && seed < 2 ** 32, `seed is ${seed}, allowed are 0 to 4294967295`);
  const maxBadRows = body.max_bad_rows ?? null;
  check(
    maxBadRows === null || maxBadRows >= 0,
    `max_bad_rows is ${String(maxBadRows)}, allowed is 0 or more`,
  );
  return { test_split: split, holdout, seed, max_bad_rows: maxBadRows };
}
