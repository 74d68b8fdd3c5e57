import { z } from 'zod';
import { characterOffsets } from '../../../tagging/textOffsets';
import { tokenize, wordsOf } from '../../../tagging/tokens';
import type { PredictRequest } from './predictRequest';
import type { TaggedSpan } from './combineSpans';
import { spanOfTokens } from './tokenTags';

/** What the model found in one text. */
export interface TokenPrediction {
  spans: TaggedSpan[];
  defaultTag: string;
}

const prediction = z.object({
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
  prediction_results: z.union([prediction, z.array(prediction)]),
  time_taken: z.number().meta({ description: 'Seconds.' }),
});

/** `seconds`: what computing took. */
export function presentPredictions(
  request: PredictRequest,
  predictions: readonly TokenPrediction[],
  seconds: number,
): z.input<typeof predictReply> {
  const results = predictions.map((found, i) => present(request.texts[i]!, found));
  return { prediction_results: request.many ? results : results[0]!, time_taken: seconds };
}

function present(text: string, { spans, defaultTag }: TokenPrediction): z.input<typeof prediction> {
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
