/** Σ x² in double precision, always added up in the same order. */
export function squaredNorm(values: Float32Array, length = values.length): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = length - (length % 4);
  for (let i = 0; i < even; i += 4) {
    const [p, q, r, s] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
    a += p * p;
    b += q * q;
    c += r * r;
    d += s * s;
  }
  for (let i = even; i < length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}

/** What gradients of this norm are multiplied with so that it is at most `maximum`; 1 where it is. */
export function clipScale(norm: number, maximum: number): number {
  return norm > maximum ? maximum / norm : 1;
}
