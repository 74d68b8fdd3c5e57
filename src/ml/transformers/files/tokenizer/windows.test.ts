import fc from 'fast-check';
import { windowedTokens, windowsOf } from './windows';

describe('windowsOf', () => {
  it('covers the tokens in order, each window full and sharing the overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        (length, room, most) => {
          const overlap = room >> 3;
          const ids = Int32Array.from({ length }, (_, i) => i);
          const options = { room, overlap, most };
          const windows = windowsOf(ids, options);
          const covered = new Set(windows.flatMap((window) => [...window]));
          expect(covered.size).toBe(Math.min(length, windowedTokens(options)));
          expect(windows.length).toBeLessThanOrEqual(most);
          for (const [i, window] of windows.entries()) {
            if (length > room) expect(window).toHaveLength(room);
            const before = windows[i - 1];
            if (before) expect(before.at(-1)! - window[0]! + 1).toBeGreaterThanOrEqual(overlap);
          }
        },
      ),
    );
  });

  it('refuses windows that would not move on', () => {
    expect(() => windowsOf(new Int32Array(9), { room: 4, overlap: 4, most: 2 })).toThrow(
      RangeError,
    );
  });
});
