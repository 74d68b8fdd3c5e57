import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { predictReply } from './presentPrediction';
import { sendJsonParts, sendSuccess } from './respond';

/** Results made into JSON at once; with explanations these are some 400 kB. */
const resultsAtOnce = 100;

/**
 * Sends an answer of `predict`. Long lists are made into JSON bit by bit: ten thousand explanations are
 * some 40 MB, during which nobody else would be answered.
 */
export async function sendPredictions(
  response: ServerResponse,
  data: z.input<typeof predictReply>['data'],
): Promise<void> {
  const { prediction_results: results, time_taken } = data;
  if (!Array.isArray(results) || results.length <= resultsAtOnce) {
    sendSuccess(response, data);
    return;
  }
  const parts = [
    Buffer.from('{"status":"success","message":"Successful","data":{"prediction_results":['),
  ];
  for (let from = 0; from < results.length; from += resultsAtOnce) {
    const some = JSON.stringify(results.slice(from, from + resultsAtOnce)).slice(1, -1);
    parts.push(Buffer.from(from === 0 ? some : `,${some}`));
    await new Promise((resolve) => setImmediate(resolve));
    if (response.destroyed) return;
  }
  parts.push(Buffer.from(`],"time_taken":${JSON.stringify(time_taken)}}}`));
  sendJsonParts(response, 200, parts);
}
