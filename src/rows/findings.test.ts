import { Findings, placesList } from './findings';

const place = (line: number) => ({ file: 'a.csv', line });

test('findings are grouped by code and reason, the most frequent first', () => {
  const findings = new Findings();
  findings.add('bad_row', 'empty', place(1));
  findings.add('bad_row', 'short', place(2));
  findings.add('note', 'short', place(3));
  findings.add('bad_row', 'short', { file: 'b.pdf', line: null });
  const groups = findings.groups();
  expect(groups.map(({ code, reason, count }) => [code, reason, count])).toEqual([
    ['bad_row', 'short', 2],
    ['bad_row', 'empty', 1],
    ['note', 'short', 1],
  ]);
  expect(placesList(groups[0]!, 3)).toBe('a.csv, line 2; b.pdf');
  expect(placesList(groups[0]!, 1)).toBe('a.csv, line 2 and 1 more');
});

test('places and reasons are bounded, counts are not', () => {
  const findings = new Findings();
  for (let i = 0; i < 6000; i++) findings.add('bad_row', 'short', place(i));
  for (let i = 0; i < 300; i++) findings.add('bad_row', `reason ${i}`, place(i));
  const groups = findings.groups();
  expect(groups.length).toBe(101);
  expect(groups[0]).toMatchObject({ reason: 'short', count: 6000 });
  expect(groups[1]).toMatchObject({ reason: 'other reasons', count: 201 });
  expect(groups.reduce((sum, { places }) => sum + places.length, 0)).toBe(5000);
});
