import { summarizeStages } from './stageSummaries';
import type { StageRow } from './stages';

const output = { manifest: { key: 'k', sha256: '', bytes: 1, mediaType: '' }, files: 1, bytes: 1 };

function row(
  stage: string,
  from: number,
  to: number | null,
  more: Partial<StageRow> = {},
): StageRow {
  const at = (second: number) => new Date(second * 1000);
  return {
    run_id: 'run',
    stage,
    fence: 1,
    attempts: 1,
    checkpoint: null,
    output: to === null ? null : output,
    cache: null,
    fruitless: 1,
    versions: null,
    cache_key: null,
    away_since: null,
    started_at: at(from),
    published_at: to === null ? null : at(to),
    ...more,
  };
}

describe('summarizeStages', () => {
  it('tells of a stage with shards once, from its first attempt to its last publication', () => {
    const summaries = summarizeStages([
      row('extract', 0, 2, { cache: 'hit' }),
      row('embed-0', 2, 5, { cache: 'hit' }),
      row('embed-1', 3, 9, { cache: 'made', attempts: 2 }),
    ]);
    expect(summaries).toEqual([
      {
        stage: 'extract',
        state: 'published',
        attempts: 1,
        cache: 'hit',
        checkpoint_step: null,
        seconds: 2,
      },
      {
        stage: 'embed',
        state: 'published',
        attempts: 2,
        cache: 'made',
        checkpoint_step: null,
        seconds: 7,
        shards: { begun: 2, published: 2 },
      },
    ]);
  });

  it('calls it running while a shard is', () => {
    const [embed] = summarizeStages([row('embed-0', 0, 1), row('embed-1', 0, null)]);
    expect(embed).toMatchObject({
      state: 'running',
      seconds: null,
      shards: { begun: 2, published: 1 },
    });
  });
});
