import { z } from 'zod';
import { matchKeys } from '../../../http/matchKeys';
import type { RefusedBody, ValidationDetail } from '../../contract/servedModel';

/** Bounds of one `predict` call. */
export const predictLimits = {
  /** Characters (UTF-16 units) of one text. */
  textLength: 1_000_000,
  texts: 10_000,
  bodyBytes: 16 * 1024 * 1024,
};

const text = z.string().max(predictLimits.textLength, {
  error: `Text should have at most ${predictLimits.textLength} characters`,
});

const topK = z
  .preprocess(() => undefined, z.int().optional())
  .meta({ description: 'Of the original; changes nothing.' });

const dataTypes = ['unstructured', 'xml'] as const;

const dataType = z
  .preprocess((value) => value ?? undefined, z.enum(dataTypes).default('unstructured'))
  .meta({ description: 'What the text is: plain, or an XML document.' });

/** One text, as v2 clients send it. */
export const onePredictRequest = z.object({ text, top_k: topK, data_type: dataType });

/** Many texts in one call. */
export const manyPredictRequest = z.object({
  texts: z
    .array(text)
    .min(1, { error: 'List should have at least 1 text' })
    .max(predictLimits.texts, { error: `List should have at most ${predictLimits.texts} texts` }),
  top_k: topK,
  data_type: dataType,
});

export interface PredictRequest {
  /** False: one text was sent by itself, and is answered so. */
  many: boolean;
  texts: string[];
  dataType: (typeof dataTypes)[number];
}

/** Keys of either request, in any case. */
const anyPredictRequest = z.object({ ...onePredictRequest.shape, ...manyPredictRequest.shape });

/** Validates the body of `predict`. */
export function parsePredictRequest(json: unknown): PredictRequest | RefusedBody {
  const body = matchKeys(anyPredictRequest, json);
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const [hasText, hasTexts] = [fields['text'] ?? null, fields['texts'] ?? null].map(
    (value) => value !== null,
  );
  if (hasText && hasTexts) {
    const msg = 'Give either text or texts, not both';
    return { detail: [{ loc: ['body', 'texts'], msg, type: 'value_error' }] };
  }
  const parsed = hasTexts ? manyPredictRequest.safeParse(body) : onePredictRequest.safeParse(body);
  if (!parsed.success) return { detail: parsed.error.issues.map((issue) => detailOf(issue, body)) };
  const texts = 'texts' in parsed.data ? parsed.data.texts : [parsed.data.text];
  return { many: 'texts' in parsed.data, texts, dataType: parsed.data.data_type };
}

function detailOf(issue: z.core.$ZodIssue, body: unknown): ValidationDetail {
  const loc = ['body', ...issue.path.map((part) => (typeof part === 'symbol' ? '' : part))];
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    body,
  );
  if (issue.code === 'invalid_type' && value === undefined) {
    return { loc, msg: 'Field required', type: 'missing' };
  }
  const msg =
    issue.code === 'invalid_type' ? `Input should be a valid ${issue.expected}` : issue.message;
  return { loc, msg, type: issue.code };
}
