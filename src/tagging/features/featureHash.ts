import { mix32 } from '../../ml/random/counterRandom';

/** One step of the hash; invertible in each argument, so that short strings never collide early. */
export function step(hash: number, symbol: number): number {
  const h = Math.imul(hash ^ symbol, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** A string, by its UTF-16 units, after what a hash has seen already. */
export function hashUnits(hash: number, text: string, from: number, to: number): number {
  let h = hash;
  for (let at = from; at < to; at++) h = step(h, text.charCodeAt(at));
  return h;
}

/** The feature that a hash stands for, 1 to 2^32 − 1; 0 is kept for no feature. */
export function featureOf(hash: number): number {
  return mix32(hash) || 1;
}
