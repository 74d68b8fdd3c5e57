/** Train rows of one shard of embeddings; the last has what is left. */
export const shardRows = 1024;

/** The rows of the train dataset, from 0, that one `embed` stage works on: what its `shard.json` says. */
export interface Shard {
  from: number;
  /** Not included. */
  to: number;
}

/** How so many rows are cut into shards: of their number alone, so that shards are the same on any machine. */
export function shardsOf(rows: number): Shard[] {
  return Array.from({ length: Math.ceil(rows / shardRows) }, (_, i) => ({
    from: i * shardRows,
    to: Math.min(rows, (i + 1) * shardRows),
  }));
}
