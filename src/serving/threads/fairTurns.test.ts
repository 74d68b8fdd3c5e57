import { FairTurns, type TurnTaker } from './fairTurns';

class Worker implements TurnTaker {
  constructor(
    readonly name: string,
    public waiting: number,
  ) {}
}

describe('FairTurns', () => {
  let turns: FairTurns<string, Worker>;
  beforeEach(() => (turns = new FairTurns(10)));

  const enter = (name: string, waiting: number): Worker =>
    turns.enter(name, () => new Worker(name, waiting));

  /** Gives one piece of `cost` to whoever is next; @returns who that was */
  function give(cost: number, may?: (worker: Worker) => boolean): string | undefined {
    const next = turns.next(may);
    if (!next) return undefined;
    next.waiting--;
    turns.charge(next.name, cost);
    return next.name;
  }

  it('gives equal parts to those who always have work, whatever their pieces cost', () => {
    enter('small', 10_000);
    enter('large', 10_000);
    const given = { small: 0, large: 0 };
    for (let i = 0; i < 5000; i++) {
      const name = turns.next()!.name as 'small' | 'large';
      const cost = name === 'small' ? 1 : 25;
      give(cost);
      given[name] += cost;
    }
    expect(Math.abs(given.small - given.large)).toBeLessThanOrEqual(50);
  });

  it('puts who comes now before those who have been here, however many they are', () => {
    for (let i = 0; i < 100; i++) enter(`busy ${i}`, 1000);
    for (let i = 0; i < 350; i++) give(10);
    enter('now', 1);
    expect(give(10)).toBe('now');
    expect(give(10)).not.toBe('now');
  });

  it('takes who comes again and again for a newcomer only once a round', () => {
    for (const name of ['a', 'b', 'c']) enter(name, 1000);
    for (let i = 0; i < 3; i++) give(10);
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 40; i++) {
      enter('again', 1).waiting = 1;
      order.push(give(10));
    }
    const of = (name: string): number => order.filter((each) => each === name).length;
    expect(of('again')).toBeLessThanOrEqual(20);
    for (const name of ['a', 'b', 'c']) expect(of(name)).toBeGreaterThanOrEqual(6);
  });

  it('lets a stream of newcomers not starve those who have been here', () => {
    enter('patient', 1000);
    give(11);
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 50; i++) {
      enter(`new ${i}`, 1);
      order.push(give(10));
    }
    expect(order.filter((name) => name === 'patient').length).toBeGreaterThanOrEqual(5);
  });

  it('passes over those who may not, and they keep their turn', () => {
    enter('first', 5);
    enter('second', 5);
    expect(give(1, ({ name }) => name === 'second')).toBe('second');
    expect(give(1)).toBe('first');
    expect(give(1, () => false)).toBeUndefined();
  });

  it('forgets who has nothing to do', () => {
    enter('one', 1);
    give(1);
    expect(turns.next()).toBeUndefined();
    expect([...turns.members()]).toEqual([]);
  });
});
