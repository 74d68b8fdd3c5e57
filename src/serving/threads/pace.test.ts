import { Pace, unitsOf } from './pace';

describe('Pace', () => {
  it('knows nothing before it measured, and then what was measured', () => {
    const pace = new Pace();
    expect([pace.msOf(100), pace.unitsIn(4), pace.isLong]).toEqual([undefined, undefined, false]);
    pace.learn(100, 8, true);
    expect(pace.msOf(50)).toBe(4);
    expect(pace.unitsIn(4)).toBe(50);
  });

  it('follows what a model takes now', () => {
    const pace = new Pace();
    pace.learn(100, 1, true);
    for (let i = 0; i < 30; i++) pace.learn(100, 2, true);
    expect(pace.msOf(100)).toBeCloseTo(2, 3);
  });

  it('does not take the time that others took for its own', () => {
    const pace = new Pace();
    pace.learn(100, 1, true);
    pace.learn(100, 500, false);
    expect(pace.msOf(100)).toBe(1);
    expect(pace.isLong).toBe(false);
  });

  it('calls long what takes long although it is little', () => {
    const pace = new Pace();
    pace.learn(unitsOf(8), 200, true);
    expect(pace.isLong).toBe(true);
    for (let i = 0; i < 30; i++) pace.learn(1000, 4, true);
    expect(pace.isLong).toBe(false);
  });
});
