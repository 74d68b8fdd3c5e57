/** Train rows of one shard of embeddings, at least; the last has what is left. */
export const shardRows = 1024;

/** Each shard is an activity of its own, and a workflow's history holds only so many. */
const mostShards = 4096;

/** The rows of the train dataset, from 0, that one `embed` stage works on: what its `shard.json` says. */
export interface Shard {
  from: number;
  /** Not included. */
  to: number;
}

/** How so many rows are cut into shards: of their number alone, so that shards are the same on any machine. */
export function shardsOf(rows: number): Shard[] {
  const size = Math.max(shardRows, Math.ceil(rows / mostShards));
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(rows, (i + 1) * size),
  }));
}
