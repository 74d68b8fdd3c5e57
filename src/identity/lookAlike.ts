import unhomoglyph from 'unhomoglyph';

/**
 * The skeleton of Unicode's security mechanisms (UTS #39, section 4): two texts that look alike have
 * the same one. It is compared, never shown.
 */
export function skeleton(text: string): string {
  return unhomoglyph(text.normalize('NFD')).normalize('NFD');
}
