import { libraryNormalizer, type LibraryNormalizer } from './library';
import type { JsonFields } from '../jsonFields';
import { PrecompiledMap } from './precompiledMap';

// Pieces in which clusters are looked for: it takes long in longer ones. After 512 characters a piece
// ends between two letters, after 1,024 anywhere.
const everything = /.{1,512}(?:(?<!\p{L}).|\P{L}){0,512}/gsu;
/** All but printable ASCII, each run with the character before it, to which it may belong. */
const beyondAscii = /[ -~]?[^ -~]{1,512}(?:(?<!\p{L})[^ -~]|[^ -~\p{L}]){0,512}/gu;
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));

/** The reference implementation looks longer clusters (in bytes of UTF-8) up character by character. */
const longestCluster = 5;
/** Short clusters' replacements are kept, until there are so many. */
const mostKept = 65_536;

const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * SentencePiece's normalization by the map in `tokenizer.json`, as the reference implementation applies
 * it: to each letter with its accents, or else to each character.
 */
export function precompiledNormalizer(fields: JsonFields): LibraryNormalizer {
  const map = PrecompiledMap.parse(Buffer.from(fields.text('precompiled_charsmap'), 'base64'));
  if (!map) return fields.refuse('precompiled_charsmap', "SentencePiece's map in base64");
  const kept = new Map<string, string>();
  const replaced = (cluster: string): string => {
    const before = kept.get(cluster);
    if (before !== undefined) return before;
    const text = normalizedCluster(map, cluster);
    if (cluster.length > longestCluster) return text;
    if (kept.size >= mostKept) kept.clear();
    kept.set(cluster, text);
    return text;
  };
  const eachCluster = (text: string): string => {
    let result = '';
    for (const { segment } of clusters.segment(text)) result += replaced(segment);
    return result;
  };
  const leavesAscii = printable.every((letter) => map.replacement(letter) === undefined);
  const pieces = leavesAscii ? beyondAscii : everything;
  return libraryNormalizer((text) => text.replace(pieces, eachCluster));
}

function normalizedCluster(map: PrecompiledMap, cluster: string): string {
  if (Buffer.byteLength(cluster) <= longestCluster) {
    const whole = map.replacement(cluster);
    if (whole !== undefined) return whole;
  }
  let result = '';
  for (const character of cluster) result += map.replacement(character) ?? character;
  return result;
}
