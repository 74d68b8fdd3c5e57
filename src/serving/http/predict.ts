import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeploymentRow } from '../../database/models/deployments';
import { TrainyardError } from '../../errors';
import { userHeader } from '../access';
import type { ServingContext } from './context';
import { parsePredictRequest, predictLimits } from './predictRequest';
import { presentPredictions } from './presentPrediction';
import { readJson } from './readBody';
import { sendFailure, sendJson } from './respond';
import { sendPredictions } from './sendPredictions';
import { whileConnected } from './whileConnected';

/** `POST /{model}/predict`: classes of one text, or of many. */
export async function predict(
  context: ServingContext,
  deployment: DeploymentRow,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const modelId = deployment.model_id;
  const parsed = parsePredictRequest(await readJson(request, predictLimits.bodyBytes));
  if ('detail' in parsed) {
    sendJson(response, 422, parsed);
    return;
  }
  if (deployment.deploy_status === 'failed') {
    sendFailure(response, 503, failedDeployment(modelId), { 'retry-after': '60' });
    return;
  }
  const { texts, topK, explain } = parsed.request;
  const started = performance.now();
  const caller = String(response.getHeader(userHeader));
  const predictions = await whileConnected(response, (signal) =>
    context.models.predict(deployment, texts, { topK, explain, caller, signal }),
  );
  const seconds = (performance.now() - started) / 1000;
  await sendPredictions(response, presentPredictions(parsed.request, predictions, seconds));
  context.metrics.answered(modelId, texts.length, seconds);
  let bytes = 0;
  for (const text of texts) bytes += Buffer.byteLength(text);
  context.usageOf(modelId).add(texts.length, bytes);
}

function failedDeployment(modelId: string): string {
  return new TrainyardError(
    'config',
    'deployment_failed',
    `the deployment of model ${modelId} failed: GET /api/v2/deploy/${modelId}/status says why`,
  ).text;
}
