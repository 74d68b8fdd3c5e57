import type { PredictorThread } from './predictorThreadClient';
import { pieceMs } from './requestQueue';
import { leastLoaded, ThreadSlot } from './threadSlot';

const slot = (): ThreadSlot => new ThreadSlot({} as unknown as PredictorThread);

describe('ThreadSlot', () => {
  it('has a piece in work and one at hand, of each kind of work', () => {
    const one = slot();
    const half = one.occupy('a', pieceMs / 2, false);
    expect(one.hasRoomFor('a')).toBe(true);
    const whole = one.occupy('a', pieceMs, false);
    expect(one.hasRoomFor('a')).toBe(false);
    expect(one.hasRoomFor('b')).toBe(true);
    whole();
    expect(one.hasRoomFor('a')).toBe(true);
    half();
    expect(one.isIdle).toBe(true);
  });

  it('turns between a few kinds of work only', () => {
    const one = slot();
    for (const flow of ['a', 'b', 'c', 'd']) one.occupy(flow, 1, false);
    expect(one.hasRoomFor('e')).toBe(false);
    expect(one.hasRoomFor('d')).toBe(true);
  });

  it('is idle again whatever fractions its pieces were estimated at', () => {
    const one = slot();
    const ends = [0.1, 0.2, 0.7, 1 / 3, 1e-3].map((ms) => one.occupy('a', ms, false));
    for (const end of ends) end();
    expect(one.isIdle).toBe(true);
  });

  it('comes after the others while it computes a long piece', () => {
    const [busy, long, idle] = [slot(), slot(), slot()];
    busy.occupy('a', 3, false);
    const end = long.occupy('b', 1000, true);
    expect(leastLoaded([long, busy, idle])).toEqual([idle, busy, long]);
    end();
    expect(long.isIdle).toBe(true);
  });
});
