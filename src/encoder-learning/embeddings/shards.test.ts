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

  it('makes them larger before there are too many', () => {
    expect(shardsOf(262_144)).toHaveLength(256);
    expect(shardsOf(262_145)).toHaveLength(129);
    expect(shardsOf(100_000_000).length).toBeLessThanOrEqual(256);
  });
});
