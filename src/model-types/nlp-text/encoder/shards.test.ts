import { shardsOf } from './shards';

describe('shardsOf', () => {
  it.each([0, 1, 1024, 1025, 10_003, 20_000_000])('covers %d rows once, in order', (rows) => {
    const shards = shardsOf(rows);
    expect(shards.at(-1)?.to ?? 0).toBe(rows);
    shards.forEach(({ from, to }, i) => {
      expect(from).toBe(i === 0 ? 0 : shards[i - 1]!.to);
      expect(to).toBeGreaterThan(from);
    });
  });

  it('never makes more of them than a workflow can hand out', () => {
    expect(shardsOf(100_000_000).length).toBeLessThanOrEqual(4096);
  });
});
