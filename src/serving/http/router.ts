import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeploymentRow } from '../../database/models/deployments';
import {
  platformActions,
  type DeclaredAction,
  type PlatformAction,
} from '../../model-types/contract/platformActions';
import { installationHeader } from '../../observability';
import { userHeader } from '../access';
import { actionOf } from './actions';
import { answerAction } from './answerAction';
import type { ServingContext } from './context';
import { sendFailedRequest } from './failures';
import {
  sendFailure,
  sendJson,
  sendPreflight,
  sendSuccess,
  sendText,
  sendUnauthorized,
  sendUnknownPath,
} from './respond';

interface Action extends DeclaredAction {
  /** Its requests are counted: what models answer, not what is asked about them. */
  counted?: boolean;
  run(
    context: ServingContext,
    deployment: DeploymentRow,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> | void;
}

/** Counted for a client that left before its answer, as other servers do. */
const clientGone = 499;

const answers: Readonly<Record<PlatformAction, Action['run']>> = { stats, metrics, health };

function isPlatformAction(name: string): name is PlatformAction {
  return Object.hasOwn(platformActions, name);
}

/** An action by its name: the platform's own, or one of the model's kind. */
function findAction(deployment: DeploymentRow, name: string): Action | undefined {
  if (isPlatformAction(name)) return { ...platformActions[name], run: answers[name] };
  const action = actionOf(deployment, name);
  if (!action) return undefined;
  const { needs, changesNothing } = action;
  return {
    method: action.body ? 'POST' : 'GET',
    needs,
    changesNothing,
    counted: true,
    run: (...asked) => answerAction(asked[0], { name, action }, asked[1], asked[2], asked[3]),
  };
}

/** Answers one request; never throws. */
export async function route(
  context: ServingContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request);
  if (!context.isReady()) response.setHeader('connection', 'close');
  try {
    const [segment = '', name = '', ...more] = path.replace(/^\/|\/$/g, '').split('/');
    if (name === '') return await processRoute(context, path, segment, response);
    const deployment = more.length === 0 ? await context.find(segment) : undefined;
    const action = deployment && findAction(deployment, name);
    if (!action) return sendUnknownPath(response, path);
    await act(context, action, deployment, request, response);
  } catch (error) {
    sendFailedRequest(context.logger, request, response, error);
  }
}

async function act(
  context: ServingContext,
  action: Action,
  deployment: DeploymentRow,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'OPTIONS') return sendPreflight(response);
  if (request.method !== action.method) {
    return sendJson(response, 405, { detail: 'Method Not Allowed' }, { allow: action.method });
  }
  if (action.counted) {
    response.on('close', () => {
      const status = response.writableFinished ? response.statusCode : clientGone;
      context.metrics.request(deployment.model_id, status);
    });
  }
  if (action.needs !== undefined) {
    const token = tokenOf(request);
    const userId =
      token === undefined
        ? undefined
        : await context.authorize(token, deployment.model_id, action.needs);
    if (userId === undefined) return sendUnauthorized(response);
    response.setHeader(userHeader, userId);
  }
  await action.run(context, deployment, request, response);
}

/** What the process says of itself. */
async function processRoute(
  context: ServingContext,
  path: string,
  segment: string,
  response: ServerResponse,
): Promise<void> {
  response.setHeader(installationHeader, context.installation);
  if (segment === 'health') return sendJson(response, 200, { status: 'success' });
  if (segment === 'ready') {
    const report = await context.readiness.report();
    const { ready } = report;
    return sendJson(response, ready ? 200 : 503, report, ready ? {} : { 'retry-after': '1' });
  }
  if (segment !== 'metrics') return sendUnknownPath(response, path);
  sendText(response, context.registry.contentType, await context.registry.metrics());
}

function health(
  { models }: ServingContext,
  deployment: DeploymentRow,
  __: unknown,
  response: ServerResponse,
) {
  const { deploy_status, model_id } = deployment;
  if (models.isFailing(model_id)) {
    const message = 'this serving process cannot load the model and tries again by itself';
    sendFailure(response, 503, `${message} [model_not_loaded]`, { 'retry-after': '5' });
  } else if (deploy_status === 'complete') sendJson(response, 200, { status: 'success' });
  else sendFailure(response, 503, `the deployment is ${deploy_status}`, { 'retry-after': '1' });
}

function stats(
  context: ServingContext,
  { model_id }: DeploymentRow,
  _: unknown,
  response: ServerResponse,
): void {
  sendSuccess(response, context.usageOf(model_id).present());
}

async function metrics(
  context: ServingContext,
  { model_id }: DeploymentRow,
  _: unknown,
  response: ServerResponse,
): Promise<void> {
  sendText(response, context.registry.contentType, await context.metrics.textOf(model_id));
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const path = url.split('?', 1)[0]!;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A Bearer token, or the header that the original's API keys come in. */
function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const key = request.headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}
