import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeploymentRow } from '../../database/models/deployments';
import { TrainyardError } from '../../errors';
import type { ServedAction } from '../../model-types/contract/servedModel';
import { userHeader } from '../access';
import type { ServingContext } from './context';
import { readJson } from './readBody';
import { sendFailure, sendJson } from './respond';
import { sendData } from './sendData';
import { whileConnected } from './whileConnected';

/** Answers `/{model}/{name}`, an action that the model's kind declares. */
export async function answerAction(
  context: ServingContext,
  { name, action }: { name: string; action: ServedAction },
  deployment: DeploymentRow,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const modelId = deployment.model_id;
  const body = action.body && (await readJson(incoming, action.maxBodyBytes ?? 0));
  const request = action.parse(body);
  if ('detail' in request) {
    sendJson(response, 422, request);
    return;
  }
  if (deployment.deploy_status === 'failed') {
    sendFailure(response, 503, failedDeployment(modelId), { 'retry-after': '60' });
    return;
  }
  const started = performance.now();
  const caller = String(response.getHeader(userHeader));
  const results = await whileConnected(response, (signal) =>
    context.models.run(deployment, { action: name, request, caller, signal }),
  );
  const seconds = (performance.now() - started) / 1000;
  await sendData(response, request.present(results, seconds));
  context.metrics.answered(modelId, request.items.length, seconds);
  context.usageOf(modelId).add({ queries: request.items.length, ...request.count(results) });
}

function failedDeployment(modelId: string): string {
  return new TrainyardError(
    'config',
    'deployment_failed',
    `the deployment of model ${modelId} failed: GET /api/v2/deploy/${modelId}/status says why`,
  ).text;
}
