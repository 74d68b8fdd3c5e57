import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Queryable } from '../../src/database/database';
import type { Logger } from '../../src/observability';
import type { ApiDependencies } from '../dependencies';
import type { Policy } from './policy';
import type { Media, Streamed } from './reply';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** The names after colons in a path. */
type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** One request on its way through a handler. */
export interface Exchange<Body, Params, Query> {
  deps: ApiDependencies;
  body: Body;
  params: Params;
  query: Query;
  /** Shown in the log and in 500 replies. */
  requestId: string;
  log: Logger;
  /** Aborts when the client has gone or the process is asked to stop. */
  signal: AbortSignal;
  /** Where the request comes from, as far as it can be known. */
  address: string;
  /**
   * Looks at token and permission again, for replies that last; throws as at the beginning when they
   * are not good any more.
   */
  checkAccess: () => Promise<void>;
  /** Adds a header to the reply. */
  setHeader: (name: string, value: string) => void;
  /** For bodies that the handler streams itself, and for headers. */
  request: IncomingMessage;
  /**
   * A database transaction. On an idempotent route its result must be the reply: it is kept with the
   * caller's `Idempotency-Key` in the same transaction, and a repetition gets it without `work`
   * running again. What follows the transaction must therefore be harmless when repeated.
   */
  transaction: <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
}

type Reply<R extends z.ZodType | Media> = R extends z.ZodType ? z.input<R> : Streamed;

/** A body that the handler reads from `request`, in place of JSON. */
export interface StreamedBody {
  mediaType: string;
  /** JSON Schema of the body for the API's documents. */
  schema: Record<string, unknown>;
}

interface Common<Granted extends object> {
  method: Method | readonly Method[];
  /** One line for the API's documents. */
  summary: string;
  /** More of it, as plain text; an example of what goes wrong and what to do. */
  description?: string;
  /** There is no route without one. */
  policy: Policy<Granted>;
  /** Checks between the policy and the body, in order; each throws to refuse. */
  before?: readonly ((deps: ApiDependencies) => Promise<void> | void)[];
  /** Statuses of refusals that do not follow from the rest of the declaration; see `statusesOf`. */
  refuses?: readonly number[];
  /** Honours `Idempotency-Key`; see `Exchange.transaction`. @default false */
  idempotent?: boolean;
  /** Largest JSON body in bytes; over it the reply is 413. @default 10 MiB, 64 KiB without a token */
  maxBodyBytes?: number;
  /** Most values in a JSON body; over it the reply is 413. @default 100,000 */
  maxBodyValues?: number;
  /** Longest time of a JSON body in milliseconds; over it the reply is 408. @default 60,000 */
  maxBodyMs?: number;
  /** Takes `application/x-www-form-urlencoded` beside JSON, for pages without script. @default false */
  form?: boolean;
}

interface Declaration<
  Path extends string,
  Granted extends object,
  B extends z.ZodType,
  Q extends z.ZodType,
  R extends z.ZodType | Media,
  P extends z.ZodType,
> extends Common<Granted> {
  /** Below `/api/v2`; `:name` is a part of the path, and a UUID unless `params` says otherwise. */
  path: Path;
  params?: P;
  query?: Q;
  /** JSON; key case, `null` and unknown keys are taken as v2 clients send them. */
  body?: B;
  streamedBody?: StreamedBody;
  response: R;
  handler: (
    exchange: Exchange<z.output<B>, ParamsOf<Path, P>, z.output<Q>> & Granted,
  ) => Promise<Reply<R>> | Reply<R>;
}

type ParamsOf<Path extends string, P extends z.ZodType> = [z.ZodType] extends [P]
  ? Record<NamesIn<Path>, string>
  : z.output<P>;

/** A declared route, as the server and the API's documents see it. */
export interface Route extends Common<object> {
  method: readonly Method[];
  path: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  streamedBody?: StreamedBody;
  response: z.ZodType | Media;
  handle(exchange: Exchange<unknown, unknown, unknown>, granted: object): Promise<unknown>;
}

/**
 * Declares a route once: the same declaration validates, authorizes, answers and documents it.
 *
 * ```ts
 * route({
 *   method: 'get',
 *   path: '/model/:model_id',
 *   summary: 'One model',
 *   policy: access.model('read'),
 *   response: modelReply,
 *   handler: async ({ deps, model }) => presentModel(await modelById(deps.database, model.id)),
 * });
 * ```
 */
export function route<
  const Path extends string,
  Granted extends object,
  R extends z.ZodType | Media,
  B extends z.ZodType = z.ZodType<undefined>,
  Q extends z.ZodType = z.ZodType<undefined>,
  P extends z.ZodType = z.ZodType,
>(declaration: Declaration<Path, Granted, B, Q, R, P>): Route {
  const { handler, method, ...rest } = declaration;
  return {
    ...rest,
    method: typeof method === 'string' ? [method] : method,
    handle: async (exchange, granted) => handler({ ...exchange, ...granted } as never),
  };
}
