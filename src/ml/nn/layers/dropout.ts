import { input, type Tensor } from '../../autodiff/tensor';
import { sizeOf, type Shape } from '../../autodiff/shape';
import { randomAt, streamKey } from '../../random/counterRandom';

/** Chances are multiples of this: then one addition decides four elements. */
const steps = 128;

interface Site {
  name: string;
  mask: Uint8Array;
  /** The same bytes, four at a time. */
  words: Uint32Array;
}

/**
 * Dropout (Srivastava et al. 2014) whose masks are a function of a key, so that a resumed training
 * drops what the undisturbed one dropped; ONNX Runtime's own keeps a state that nobody can restore.
 *
 * Masks are made here and fed as one byte an element. For states [32, 64, 384] that takes 0.6 ms to
 * make, where an ONNX graph would need a dozen passes over 32-bit integers, and 0.2 ms in the graph
 * to widen and multiply. Attention's probabilities have length² elements a head: there, whole keys are dropped
 * (see `forKeys`).
 */
export class Dropout {
  /** The part of the elements that is dropped: the rate asked for, rounded to 1/128. */
  readonly rate: number;
  readonly #sites: Site[] = [];

  /** @param rate from 0 (nothing is dropped, the graph stays as it is) to below 1 */
  constructor(rate: number) {
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`a dropout rate of ${rate}; 0 to below 1`);
    this.rate = Math.min(steps - 1, Math.round(rate * steps)) / steps;
  }

  /** Drops elements of x, and scales the others so that the mean stays. */
  apply(x: Tensor): Tensor {
    return this.#drop(x, x.shape);
  }

  /**
   * Attention dropout on the values [batch, heads, length, size]: a head loses sight of whole keys, for
   * all queries alike (DropAttention's columns, Lin et al. 2019). A mask of the values' rows does that,
   * and costs length × heads bytes, not length² × heads.
   */
  forKeys(values: Tensor): Tensor {
    return this.#drop(values, [...values.shape.slice(0, -1), 1]);
  }

  /** The masks that `key` stands for, to be fed by name. The arrays are used again by the next call. */
  masks(key: number): Record<string, Uint8Array> {
    this.#sites.forEach(({ words }, i) => fillMask(words, this.rate * steps, streamKey(key, i)));
    return Object.fromEntries(this.#sites.map(({ name, mask }) => [name, mask]));
  }

  #drop(x: Tensor, shape: Shape): Tensor {
    if (this.rate === 0) return x;
    const name = `dropout_${this.#sites.length}`;
    const size = sizeOf('dropout', shape);
    const words = new Uint32Array(Math.ceil(size / 4));
    this.#sites.push({ name, words, mask: new Uint8Array(words.buffer, 0, size) });
    const kept = input(name, shape, 'uint8').cast('float32');
    return x.mul(kept.mul(1 / (1 - this.rate)));
  }
}

/** 0 with the chance dropped/128, else 1, four at a time: each byte's high bit is set by a carry. */
function fillMask(words: Uint32Array, dropped: number, key: number): void {
  const carry = Math.imul(steps - dropped, 0x01010101);
  for (let i = 0; i < words.length; i++)
    words[i] = (((randomAt(key, i) & 0x7f7f7f7f) + carry) >>> 7) & 0x01010101;
}
