/** Train rows of one shard of embeddings, at least; the last has what is left. */
const shardRows = 1024;

/**
 * Each shard is an activity of its own, which a workflow's history remembers and which reads the whole
 * dataset before it takes its rows: with so many, that stays small beside the work of millions of rows.
 */
const mostShards = 256;

/** The rows of the train dataset, from 0, that one `embed` stage works on: what its `shard.json` says. */
export interface Shard {
  from: number;
  /** Not included. */
  to: number;
}

/**
 * How so many rows are cut into shards: of their number alone, so that shards are the same on any machine.
 * Sizes double, so that a dataset that has grown still begins with shards that are in the cache.
 */
export function shardsOf(rows: number): Shard[] {
  let size = shardRows;
  while (size * mostShards < rows) size *= 2;
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(rows, (i + 1) * size),
  }));
}
