import fc from 'fast-check';
import { editDistance, nearestName } from './suggest';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['label', 'labl', 1],
    ['label', 'lable', 1],
    ['kitten', 'sitting', 3],
    ['abc', '', 3],
  ])('from "%s" to "%s" is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, zero only for equal strings, and at most the longer length', () => {
    const short = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearestName', () => {
  it.each([
    ['labl', ['text', 'label'], 'label'],
    ['labels', ['text', 'label'], 'label'],
    ['Text', ['id', ' text '], ' text '],
    ['category', ['text', 'categroy'], 'categroy'],
    ['label', ['query', 'intent'], undefined],
    ['label', [], undefined],
    ['x', ['y'], 'y'],
  ])('of "%s" among %j is %j', (wanted, names, nearest) => {
    expect(nearestName(wanted, names)).toBe(nearest);
  });
});
