import { characterOffsets } from '../../../tagging/textOffsets';
import { locate, readXml, XmlError, type XmlPiece } from '../../../tagging/xml';
import type { TaggedSpan } from './combineSpans';
import type { TokenTagger } from './tokenTagger';
import type { XmlResult } from './xmlResult';

/**
 * The tags in the first XML document of a text. Each element's own text and each attribute is
 * tagged by itself; names of the two nearest elements are words near it for rules. Of one tag in one of
 * them there is one prediction, from its first span to its last.
 *
 * @returns why the text cannot be read, where it cannot
 */
export async function tagXml(
  tagger: TokenTagger,
  source: string,
  signal: AbortSignal,
): Promise<XmlResult | XmlError> {
  let pieces: XmlPiece[];
  try {
    ({ pieces } = readXml(source));
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  const at = characterOffsets(source);
  const predictions: XmlResult['predictions'] = [];
  for (const piece of pieces) {
    signal.throwIfAborted();
    const { spans } = await tagger.tag(piece.text, piece.context.join(' '));
    for (const span of merged(spans)) predictions.push(predictionOf(piece, span, at));
  }
  return { data_type: 'xml', query_text: source, predictions };
}

function merged(spans: readonly TaggedSpan[]): TaggedSpan[] {
  const byTag = new Map<string, TaggedSpan>();
  for (const span of spans) {
    const first = byTag.get(span.tag);
    if (!first) byTag.set(span.tag, { ...span });
    else {
      first.end = span.end;
      first.confidence = Math.min(first.confidence, span.confidence);
    }
  }
  return [...byTag.values()];
}

function predictionOf(
  piece: XmlPiece,
  { start, end, tag, confidence }: TaggedSpan,
  at: (unit: number) => number,
): XmlResult['predictions'][number] {
  const { globalStart, globalEnd, localStart, localEnd } = locate(piece, start, end);
  // Halves of pairs before a place are the same in the local text: what it lacks are spaces.
  const inPiece = characterOffsets(piece.text);
  return {
    label: tag,
    location: {
      global_char_span: { start: at(globalStart), end: at(globalEnd) },
      local_char_span: {
        start: localStart - (start - inPiece(start)),
        end: localEnd - (end - inPiece(end)),
      },
      xpath_location: { xpath: piece.xpath, attribute: piece.attribute },
      value: piece.text.slice(start, end),
    },
    confidence: Number(confidence.toPrecision(5)),
  };
}
