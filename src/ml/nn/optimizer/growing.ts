/** The array itself where it has room for `length` entries, else a longer one with the same beginning. */
export function grown<T extends Float32Array | Float64Array | Int32Array>(
  array: T,
  length: number,
): T {
  if (length <= array.length) return array;
  const longer = new (array.constructor as new (length: number) => T)(
    Math.max(length, array.length + (array.length >> 1), 16),
  );
  longer.set(array);
  return longer;
}
