/** What SentencePiece replaces: the `precompiled_charsmap` of a tokenizer, read. */
export class PrecompiledMap {
  private constructor(
    private readonly units: Uint32Array,
    private readonly replacements: Uint8Array,
  ) {}

  /**
   * Reads SentencePiece's map: the bytes of a double-array trie (32 bits each unit, little-endian) after
   * their count, then the replacements, each in UTF-8 with a 0 behind it.
   * @returns undefined for bytes that are no such map
   */
  static parse(bytes: Uint8Array): PrecompiledMap | undefined {
    if (bytes.length < 8) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const size = view.getUint32(0, true);
    if (size === 0 || size % 4 !== 0 || size > bytes.length - 4) return undefined;
    const units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
    return new PrecompiledMap(units, bytes.subarray(4 + size));
  }

  /**
   * What stands for a piece of text. As in the reference implementation the shortest entry with which
   * the piece begins counts, whatever follows it.
   * @returns undefined when the piece stays as it is
   */
  replacement(piece: string): string | undefined {
    let node = offsetOf(this.units[0]!);
    for (const byte of Buffer.from(piece)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = this.units[node];
      if (unit === undefined || labelOf(unit) !== byte) return undefined;
      node ^= offsetOf(unit);
      if (hasValue(unit)) return this.textAt(valueOf(this.units[node] ?? 0));
    }
    return undefined;
  }

  private textAt(start: number): string {
    const end = this.replacements.indexOf(0, start);
    const bytes = this.replacements.subarray(start, end < 0 ? undefined : end);
    return new TextDecoder().decode(bytes);
  }
}

// The bits of a unit, as the library Darts-clone lays them out: 8 for the label and one that no label
// has, or 31 for a value; one that says that a value follows; 22 for the offset, one for its scale.

const labelOf = (unit: number): number => (unit & 0x8000_00ff) >>> 0;
const hasValue = (unit: number): boolean => (unit & 0x100) !== 0;
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
const valueOf = (unit: number): number => unit & 0x7fff_ffff;
