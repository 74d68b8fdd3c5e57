import fc from 'fast-check';
import { fromHalf, fromHalves, toHalf, toHalves } from './float16';

describe('toHalf', () => {
  it('gives back every finite half exactly', () => {
    const finite = Array.from({ length: 0x10000 }, (_, half) => half).filter(
      (half) => (half & 0x7c00) !== 0x7c00,
    );
    expect(finite.filter((half) => toHalf(fromHalf(half)) !== half)).toEqual([]);
  });

  it('rounds to the nearest half, ties to even', () => {
    expect(fromHalf(toHalf(1 + 1 / 2048))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 / 2048))).toBe(1 + 2 / 1024);
    expect(fromHalf(toHalf(2 ** -25))).toBe(0);
    expect(fromHalf(toHalf(1.5 * 2 ** -24))).toBe(2 ** -23);
  });

  it('is never further from the value than half the gap between halves', () => {
    fc.assert(
      fc.property(fc.float({ min: -60000, max: 60000, noNaN: true }), (value) => {
        const gap = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value) || 1e-9)), -14) - 10);
        expect(Math.abs(fromHalf(toHalf(value)) - value)).toBeLessThanOrEqual(gap / 2);
      }),
    );
  });

  it('keeps what is too large finite', () => {
    expect([...fromHalves(toHalves(Float32Array.of(1e9, -1e9)))]).toEqual([65504, -65504]);
  });
});
