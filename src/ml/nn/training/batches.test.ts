import { epochBatches, microBatches, microBatchRows } from './batches';
import { bucketLengths, bucketOf } from './lengthBuckets';

const tokens = Array.from({ length: 103 }, (_, row) => 1 + ((row * 37) % 70));
const options = { batchRows: 10, lengths: bucketLengths(64), seed: 5 };

describe('length buckets', () => {
  it('end at the longest text and never more than double', () => {
    expect(bucketLengths(512)).toEqual([16, 32, 48, 64, 96, 128, 192, 256, 384, 512]);
    expect(bucketLengths(100)).toEqual([16, 32, 48, 64, 96, 100]);
    expect(bucketLengths(10)).toEqual([10]);
  });

  it('take the shortest that is enough, and the last for what is longer', () => {
    expect([1, 16, 17, 64, 900].map((n) => bucketOf(n, [16, 32, 64]))).toEqual([0, 0, 1, 2, 2]);
  });
});

describe('the batches of an epoch', () => {
  it('hold each row once, all but one of them full', () => {
    const batches = epochBatches(tokens, options, 0);
    const rows = batches.flatMap((batch) => [...batch.rows]).sort((a, b) => a - b);
    expect(rows).toEqual(tokens.map((_, row) => row));
    expect(batches.map((b) => b.rows.length).sort((a, b) => a - b)).toEqual([
      3,
      ...Array<number>(10).fill(10),
    ]);
  });

  it('pad rows to their bucket or a longer one, most of them to their own', () => {
    let own = 0;
    for (const { rows, length } of epochBatches(tokens, options, 0)) {
      for (const row of rows) {
        const fitting = options.lengths[bucketOf(tokens[row]!, options.lengths)]!;
        expect(length).toBeGreaterThanOrEqual(fitting);
        if (length === fitting) own++;
      }
    }
    expect(own).toBeGreaterThan(70);
  });

  it('are the same for the same seed and epoch, and other ones for another', () => {
    expect(epochBatches(tokens, options, 3)).toEqual(epochBatches(tokens, options, 3));
    expect(epochBatches(tokens, options, 4)).not.toEqual(epochBatches(tokens, options, 3));
    expect(epochBatches(tokens, { ...options, seed: 6 }, 3)).not.toEqual(
      epochBatches(tokens, options, 3),
    );
  });
});

describe('micro-batches', () => {
  it('split a batch evenly by the tokens allowed, and never below one row', () => {
    expect(microBatchRows(32, 64, 2048)).toBe(32);
    expect(microBatchRows(32, 128, 2048)).toBe(16);
    expect(microBatchRows(32, 96, 2048)).toBe(16);
    expect(microBatchRows(32, 512, 100)).toBe(1);
    const rows = Int32Array.from({ length: 7 }, (_, i) => i);
    expect(microBatches({ rows, length: 10 }, 30).map((part) => [...part])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6],
    ]);
  });
});
