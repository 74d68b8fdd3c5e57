import { TextGroups, textIdentity } from './textGroups';

test('rows are grouped by their text, however many there are', () => {
  const groups = new TextGroups();
  for (let i = 0; i < 5000; i++) expect(groups.add(`text ${i}`)).toBe(i);
  for (let i = 0; i < 5000; i++) expect(groups.find(`text ${i}`)).toBe(i);
  expect(groups.find('text 5000')).toBe(-1);
  expect(groups.add('text 7')).toBe(7);
  expect(groups.first().length).toBe(5001);
  expect(groups.first()[5000]).toBe(7);
});

test('texts are the same when features cannot tell them apart', () => {
  const identity = (text: string): string => textIdentity(text, 100);
  expect(identity('  Un \u015Fir\n')).toBe(identity('un \u0219ir'));
  expect(identity('cafe\u0301')).toBe(identity('CAF\u00C9'));
  expect(identity('a b')).not.toBe(identity('ab'));
});
