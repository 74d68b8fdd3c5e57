/**
 * A count with what is counted, in the number that it needs: `counted(1, 'row has', 'rows have')` is
 * `1 row has`. For messages that people read.
 */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The start of a text, at most `length` UTF-16 units of it, without half of a surrogate pair at its end. */
export function wholeStart(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

/** A text for people: of one that is longer than `length` the start, and "…". */
export function shortened(text: string, length: number): string {
  return text.length > length ? `${wholeStart(text, length)}…` : text;
}

/**
 * An amount of bytes for people, in the largest unit of which there is one: `3.4 GiB`, `512.0 KiB`,
 * `17 bytes`.
 */
export function byteCount(bytes: number): string {
  let [amount, unit] = [bytes, 'bytes'];
  for (const larger of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (amount < 1024) break;
    [amount, unit] = [amount / 1024, larger];
  }
  return unit === 'bytes' ? counted(amount, 'byte', 'bytes') : `${amount.toFixed(1)} ${unit}`;
}
