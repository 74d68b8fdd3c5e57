import { Usage } from './usage';

const minute = 60_000;

describe('Usage', () => {
  it('counts the last hour and everything since the start', () => {
    let now = 0;
    const usage = new Usage(() => now);
    usage.add(2, 100);
    now = 30 * minute;
    usage.add(1, 10);
    now = 61 * minute;
    expect(usage.present()).toEqual({
      past_hour: { tokens_identified: 0, queries_ingested: 1, queries_ingested_bytes: 10 },
      total: { tokens_identified: 0, queries_ingested: 3, queries_ingested_bytes: 110 },
      uptime: 61 * 60,
    });
  });
});
