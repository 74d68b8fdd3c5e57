import type { Context, Middleware } from 'koa';
import { authenticateUser, signIn } from '../../src/auth/authenticate';
import type { User } from '../../src/database/accounts/users';
import { TrainyardError } from '../../src/errors';
import type { ApiDependencies } from '../dependencies';
import { clientAddress } from '../middleware/clientAddress';
import { basicOf, tokenOf } from '../middleware/credentials';
import { explainFailure } from '../middleware/failures';
import { KeyedRequest, plainTransaction } from './idempotency';
import { checkParams } from './pathParams';
import type { Credential, Identities } from './policy';
import { isMedia, Streamed } from './reply';
import type { Exchange, Route } from './route';
import { requestBody } from './requestBody';
import { sendStreamed } from './sendStreamed';
import { statusesOf } from './statuses';
import { clientSignal } from './signal';
import { validateQuery } from './validate';

/**
 * The way of a request through a declared route: token (401), ids in the path (400), policy (404,
 * 403), what must hold before (507), body (400, 408, 413, 415, 422), query, handler, reply.
 */
export function execute(declared: Route, deps: ApiDependencies): Middleware {
  const answer: Middleware = async (ctx) => {
    const { policy } = declared;
    const identity = await identify(ctx, deps, policy.credential);
    const params = checkParams(ctx['params'] as Record<string, string>, declared.params);
    const granted = await policy.permit({ deps, identity, params });
    for (const check of declared.before ?? []) await check(deps);
    const { bytes, body } = await requestBody(ctx, declared);
    const query = declared.query && validateQuery(declared.query, ctx.query);
    const keyed = declared.idempotent
      ? KeyedRequest.from(ctx, deps.database, (identity as User).id, bytes)
      : undefined;
    const earlier = await keyed?.earlierReply();
    const requestId = String(ctx.state['requestId']);
    const exchange: Exchange<unknown, unknown, unknown> = {
      deps,
      body,
      params,
      query,
      requestId,
      log: deps.logger.child({ requestId }),
      address: clientAddress(ctx.req),
      checkAccess: async () => {
        const identity = await identify(ctx, deps, policy.credential);
        await policy.permit({ deps, identity, params });
      },
      signal: clientSignal(ctx, deps.stopping),
      setHeader: (name, value) => ctx.set(name, value),
      request: ctx.req,
      transaction: keyed?.transaction ?? plainTransaction(deps.database),
    };
    const reply = earlier ? earlier.body : await declared.handle(exchange, granted);
    await send(ctx, declared, reply, deps.checkReplies ?? false);
  };
  return deps.checkReplies ? withDeclaredFailures(declared, answer) : answer;
}

/** For tests: what is refused must be refused with a status that the API's documents name. */
function withDeclaredFailures(declared: Route, answer: Middleware): Middleware {
  const statuses = statusesOf(declared);
  return async (ctx, next) => {
    try {
      await answer(ctx, next);
    } catch (error) {
      const { status } = explainFailure(error, '');
      if (statuses.includes(status)) throw error;
      const message = `${declared.path} refused with ${status}, which it does not declare`;
      throw new TrainyardError('bug', 'undeclared_status', message, 500);
    }
  };
}

async function identify(
  ctx: Context,
  deps: ApiDependencies,
  credential: Credential,
): Promise<Identities[Credential]> {
  if (credential === 'none') return undefined;
  if (credential === 'job') return deps.tokens.verifyJob(tokenOf(ctx));
  const user =
    credential === 'password'
      ? await signIn(deps.database, deps.attempts, {
          ...basicOf(ctx),
          address: clientAddress(ctx.req),
        })
      : await authenticateUser(deps.database, deps.tokens, tokenOf(ctx));
  ctx.state['user'] = user;
  return user;
}

async function send(
  ctx: Context,
  declared: Route,
  reply: unknown,
  checkReplies: boolean,
): Promise<void> {
  if (reply instanceof Streamed) return sendStreamed(ctx, reply);
  if (checkReplies) checkReply(declared, reply);
  ctx.status = 200;
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(reply);
}

function checkReply({ path, response }: Route, reply: unknown): void {
  const result = isMedia(response) ? undefined : response.safeParse(reply);
  if (result?.success) return;
  const difference = result?.error.message ?? 'JSON, where bytes were declared';
  throw new TrainyardError('bug', 'undeclared_reply', `${path} replied ${difference}`, 500);
}
