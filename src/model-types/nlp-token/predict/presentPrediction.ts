import { z } from 'zod';
import { characterOffsets } from '../../../tagging/textOffsets';
import { tokenize, wordsOf } from '../../../tagging/tokens';
import { TrainyardError } from '../../../errors';
import type { PredictRequest } from './predictRequest';
import type { TaggedSpan } from './combineSpans';
import { spanOfTokens } from './tokenTags';
import { type XmlResult, xmlResult } from './xmlResult';

/** What the model found in a plain text. */
interface TextPrediction {
  spans: TaggedSpan[];
  defaultTag: string;
}

/** What the model found in one text, as it is answered for XML, and why one cannot be read. */
export type TokenPrediction = TextPrediction | XmlResult | { unreadable: string };

const textResult = z.object({
  data_type: z.literal('unstructured'),
  query_text: z.string(),
  tokens: z.array(z.string()).meta({ description: 'What stands between white space.' }),
  predicted_tags: z
    .array(z.array(z.string()))
    .meta({ description: 'The tag of each token, alone in a list.' }),
  spans: z
    .array(
      z.object({
        tag: z.string(),
        start: z.int().meta({ description: 'In characters (code points) of the text.' }),
        end: z.int().meta({ description: 'Exclusive.' }),
        text: z.string(),
        confidence: z.number().meta({ description: '0 to 1; of a learned tag a probability.' }),
        source: z.enum(['learned', 'rule', 'both']),
      }),
    )
    .meta({ description: 'Neighbouring tokens that are one, in their order.' }),
});

/** The `data` of an answer to `predict`: one result for `text`, a list in the given order for `texts`. */
export const predictReply = z.object({
  prediction_results: z.union([textResult, xmlResult, z.array(z.union([textResult, xmlResult]))]),
  time_taken: z.number().meta({ description: 'Seconds.' }),
});

/**
 * @param seconds that computing took
 * @throws TrainyardError 400 where a text is not XML
 */
export function presentPredictions(
  request: PredictRequest,
  predictions: readonly TokenPrediction[],
  seconds: number,
): z.input<typeof predictReply> {
  const results = predictions.map((found, i) => {
    if ('unreadable' in found) {
      const where = request.many ? `texts[${i}]: ` : '';
      throw new TrainyardError('data', 'bad_xml', `${where}${found.unreadable}`, 400);
    }
    return 'data_type' in found ? found : present(request.texts[i]!, found);
  });
  return { prediction_results: request.many ? results : results[0]!, time_taken: seconds };
}

function present(text: string, { spans, defaultTag }: TextPrediction): z.input<typeof textResult> {
  const tokens = tokenize(text, 'whitespace');
  const numbers = spanOfTokens(tokens, spans);
  const at = characterOffsets(text);
  return {
    data_type: 'unstructured',
    query_text: text,
    tokens: wordsOf(text, tokens),
    predicted_tags: Array.from(numbers, (span) => [spans[span]?.tag ?? defaultTag]),
    spans: spans.map(({ start, end, tag, confidence, source }) => ({
      tag,
      start: at(start),
      end: at(end),
      text: text.slice(start, end),
      confidence: Number(confidence.toPrecision(5)),
      source,
    })),
  };
}

/** Spans of an answer: `stats` counts them. */
export function spanCount(found: TokenPrediction): number {
  if ('unreadable' in found) return 0;
  return 'spans' in found ? found.spans.length : found.predictions.length;
}
