import type { ServerResponse } from 'node:http';
import { sendJsonParts, sendSuccess } from './respond';

/** Elements of a list made into JSON at once; with explanations a hundred predictions are some 400 kB. */
const elementsAtOnce = 100;

/**
 * Sends the `data` of an answer. Long lists are made into JSON bit by bit: ten thousand explanations are
 * some 40 MB, during which nobody else would be answered.
 */
export async function sendData(
  response: ServerResponse,
  data: Record<string, unknown> | unknown[],
): Promise<void> {
  const isLong = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length > elementsAtOnce;
  if (Array.isArray(data) || !Object.values(data).some(isLong)) {
    sendSuccess(response, data);
    return;
  }
  const parts = [Buffer.from('{"status":"success","message":"Successful","data":{')];
  // JSON has no absent values: like JSON.stringify, this leaves them out.
  const fields = Object.entries(data).filter(([, value]) => value !== undefined);
  for (const [i, [key, value]] of fields.entries()) {
    parts.push(Buffer.from(`${i === 0 ? '' : ','}${JSON.stringify(key)}:`));
    if (!isLong(value)) {
      parts.push(Buffer.from(JSON.stringify(value)));
      continue;
    }
    for (let from = 0; from < value.length; from += elementsAtOnce) {
      const some = JSON.stringify(value.slice(from, from + elementsAtOnce)).slice(1, -1);
      parts.push(Buffer.from(from === 0 ? `[${some}` : `,${some}`));
      await new Promise((resolve) => setImmediate(resolve));
      if (response.destroyed) return;
    }
    parts.push(Buffer.from(']'));
  }
  parts.push(Buffer.from('}}'));
  sendJsonParts(response, 200, parts);
}
