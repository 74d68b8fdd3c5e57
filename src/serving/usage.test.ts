import { Usage } from './usage';

const minute = 60_000;

describe('Usage', () => {
  it('counts the last hour and everything since the start', () => {
    let now = 0;
    const usage = new Usage(() => now);
    usage.add({ queries: 2, bytes: 100, tokensIdentified: 7 });
    now = 30 * minute;
    usage.add({ queries: 1, bytes: 10, tokensIdentified: 0 });
    now = 61 * minute;
    expect(usage.present()).toEqual({
      past_hour: { tokens_identified: 0, queries_ingested: 1, queries_ingested_bytes: 10 },
      total: { tokens_identified: 7, queries_ingested: 3, queries_ingested_bytes: 110 },
      uptime: 61 * 60,
    });
  });
});
