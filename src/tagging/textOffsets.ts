/**
 * Offsets that callers see count characters (code points), as Python does and JSON has no better unit; inside they count
 * UTF-16 units. Texts without surrogates have both alike.
 */
export function characterOffsets(text: string): (unit: number) => number {
  if (!/[\ud800-\udbff]/.test(text)) return (unit) => unit;
  const characters = new Int32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit <= text.length; unit++) {
    characters[unit] = count;
    const isFirstHalf = (text.charCodeAt(unit) & 0xfc00) === 0xd800;
    const isPair = isFirstHalf && (text.charCodeAt(unit + 1) & 0xfc00) === 0xdc00;
    if (!isPair) count++;
  }
  return (unit) => characters[unit]!;
}
