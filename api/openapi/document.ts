import { z } from 'zod';
import { codeVersion } from '../../src/version';
import { isMedia } from '../core/reply';
import type { Route } from '../core/route';
import { statusesOf, statusWords } from '../core/statuses';

/** The parts of an OpenAPI 3.1 document that we make and show. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, unknown>;
}

export interface Operation {
  tags: string[];
  summary: string;
  description: string;
  operationId: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content?: Record<string, object> }>;
  security: Record<string, never[]>[];
  /** Where it is, when not below `/api/v2`. */
  servers?: { url: string }[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export type JsonSchema = Record<string, unknown>;

/**
 * Describes routes from the very schemas that validate them.
 * @param rootRoutes what is not below `/api/v2`; a path that is there too is described once
 */
export function openApiDocument(
  routes: readonly Route[],
  rootRoutes: readonly Route[] = [],
): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  const describe = (declared: Route, more: Partial<Operation>): void => {
    const path = declared.path.replaceAll(/:([^/]+)/g, '{$1}');
    for (const method of declared.method) {
      (paths[path] ??= {})[method] ??= { ...operation(declared, method, path), ...more };
    }
  };
  for (const declared of routes) describe(declared, {});
  for (const declared of rootRoutes) {
    describe(declared, { tags: ['operations'], servers: [{ url: '/' }] });
  }
  const tags = [...new Set(routes.map((declared) => tagOf(declared.path)))];
  if (rootRoutes.length > 0) tags.push('operations');
  return {
    openapi: '3.1.0',
    info: { title: 'Trainyard', version: codeVersion(), description: about },
    servers: [{ url: '/api/v2' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: { securitySchemes, responses: errorResponses() },
  };
}

const about =
  'Success is always 200. Errors are one line of plain text, or {code, message, request_id} when Accept asks for application/json. Sign in at /user/login for a token of 15 minutes, or make a lasting one at /user/tokens.';

const securitySchemes = {
  user: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token of /user/login, or an API token of /user/tokens.',
  },
  job: { type: 'http', scheme: 'bearer', description: 'The token of a training or deployment.' },
  password: { type: 'http', scheme: 'basic', description: 'E-mail address and password.' },
};

const errorContent = {
  'text/plain': { schema: { type: 'string' } },
  'application/json': {
    schema: {
      type: 'object',
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        request_id: { type: 'string' },
      },
      required: ['code', 'message', 'request_id'],
    },
  },
};

function errorResponses(): Record<string, object> {
  const described = Object.entries(statusWords).map(([status, description]) => [
    `Error${status}`,
    { description, content: errorContent },
  ]);
  return Object.fromEntries(described) as Record<string, object>;
}

function operation(declared: Route, method: string, path: string): Operation {
  const { credential, needs } = declared.policy;
  const body = requestBody(declared);
  return {
    tags: [tagOf(declared.path)],
    summary: declared.summary,
    description: [declared.description, `Needs ${needs}.`].filter(Boolean).join(' '),
    operationId: `${method}${path.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next?: string) => next?.toUpperCase() ?? '')}`,
    parameters: parameters(declared),
    ...(body ? { requestBody: body } : {}),
    responses: { '200': response(declared), ...refusals(statusesOf(declared)) },
    security: credential === 'none' ? [] : [{ [credential]: [] }],
  };
}

/** Refusals with these statuses, by reference. */
export function refusals(statuses: readonly number[]): Operation['responses'] {
  const references = statuses.map((status) => [
    status,
    { $ref: `#/components/responses/Error${status}` },
  ]);
  return Object.fromEntries(references) as Operation['responses'];
}

function requestBody(declared: Route): Operation['requestBody'] {
  if (declared.streamedBody) {
    const { mediaType, schema } = declared.streamedBody;
    return { required: true, content: { [mediaType]: { schema } } };
  }
  if (!declared.body) return undefined;
  return { required: true, content: { 'application/json': { schema: jsonSchema(declared.body) } } };
}

function response({ response: declared }: Route): Operation['responses'][string] {
  if (isMedia(declared)) {
    return { description: declared.description, content: { [declared.mediaType]: {} } };
  }
  const schema = jsonSchema(declared);
  return { description: 'Success.', content: { 'application/json': { schema } } };
}

function parameters(declared: Route): Parameter[] {
  const inPath = [...declared.path.matchAll(/:([^/]+)/g)].map((match) => match[1]!);
  const described = declared.params ? fieldsOf(declared.params) : {};
  const uuid = { type: 'string', format: 'uuid' };
  const query = declared.query ? fieldsOf(declared.query) : {};
  return [
    ...inPath.map((name) => parameter(name, 'path', described[name] ?? uuid)),
    ...Object.entries(query).map(([name, schema]) => parameter(name, 'query', schema)),
    ...(declared.idempotent ? [idempotencyKey] : []),
  ];
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Repeating a request with the same key gives the same reply and does nothing again.',
  schema: { type: 'string', maxLength: 255 },
};

function parameter(name: string, place: 'path' | 'query', schema: JsonSchema): Parameter {
  const { description, ...rest } = schema;
  return {
    name,
    in: place,
    required: place === 'path',
    ...(typeof description === 'string' ? { description } : {}),
    schema: rest,
  };
}

function fieldsOf(schema: z.ZodType): Record<string, JsonSchema> {
  return (describedBy(schema)['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** What may be sent, or is replied, as JSON Schema. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  return describedBy(schema, requireTexts);
}

function describedBy(schema: z.ZodType, adapt: (part: JsonSchema) => void = () => undefined) {
  const described: JsonSchema = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: part }) => adapt(part),
  });
  delete described['$schema'];
  return described;
}

/** Where a text is empty by default, the empty text is refused later, in words of its own. */
function requireTexts(schema: JsonSchema): void {
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  for (const [name, field] of fields) {
    if (field['default'] !== '') continue;
    delete field['default'];
    field['minLength'] ??= 1;
    schema['required'] = [...((schema['required'] ?? []) as string[]), name];
  }
}

function tagOf(path: string): string {
  return path.split('/')[1]!;
}
