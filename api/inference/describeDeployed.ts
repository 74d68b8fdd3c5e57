import { z } from 'zod';
import type { PlatformAction } from '../../src/model-types/contract/platformActions';
import type { ServedAction } from '../../src/model-types/contract/servedModel';
import { modelTypes } from '../../src/model-types/registry';
import { usageReply } from '../../src/serving/usage';
import { statusWords } from '../core/statuses';
import { jsonSchema, type OpenApiDocument, type Operation } from '../openapi/document';

const tag = 'deployed models';

/** Adds what deployed models answer, from the schemas by which the serving process validates. */
export function describeDeployed(document: OpenApiDocument): OpenApiDocument {
  return {
    ...document,
    tags: [...document.tags, { name: tag }],
    paths: { ...document.paths, ...kindsPaths(), ...platformPaths() },
  };
}

type Path = OpenApiDocument['paths'][string];

function platformPaths(): Record<`/{deployment}/${PlatformAction}`, Path> {
  return {
    '/{deployment}/stats': {
      get: operation('stats', {
        summary: 'What a deployed model was asked',
        description:
          'Counted by each serving process since it began to serve the model. Needs read on the model.',
        reply: z.object({
          status: z.literal('success'),
          message: z.string(),
          data: usageReply,
        }),
        refuses: [401, 404],
      }),
    },
    '/{deployment}/metrics': {
      get: operation('metrics', {
        summary: 'Metrics of a deployed model in the Prometheus text format',
        description: 'Of the serving process that answers. Needs read on the model.',
        refuses: [401, 404],
      }),
    },
    '/{deployment}/health': {
      get: {
        ...operation('health', {
          summary: 'Whether a deployed model answers',
          description: '200 once it is up, 503 while it comes up. Needs nothing.',
          reply: z.object({ status: z.literal('success') }),
          refuses: [404],
        }),
        security: [],
      },
    },
  };
}

/** The actions that kinds of model declare; those of one name are one path. */
function kindsPaths(): OpenApiDocument['paths'] {
  const byName = new Map<string, { kinds: string[]; action: ServedAction }[]>();
  for (const { name: kind, served } of modelTypes()) {
    for (const [name, action] of Object.entries(served.actions)) {
      const known = byName.get(name) ?? [];
      const same = known.find((other) => other.action === action);
      if (same) same.kinds.push(kind);
      else byName.set(name, [...known, { kinds: [kind], action }]);
    }
  }
  return Object.fromEntries(
    [...byName].map(([name, declared]) => [`/{deployment}/${name}`, kindsPath(name, declared)]),
  );
}

function kindsPath(name: string, declared: { kinds: string[]; action: ServedAction }[]): Path {
  const actions = declared.map(({ action }) => action);
  const ofKind = ({ kinds, action }: (typeof declared)[number]) =>
    declared.length === 1 ? action.description : `${kinds.join(', ')}: ${action.description}`;
  const method = actions.some(({ body }) => body) ? 'post' : 'get';
  const bodies = actions.flatMap(({ body }) => (body ? [body] : []));
  return {
    [method]: operation(name, {
      summary: [...new Set(actions.map(({ summary }) => summary))].join('; '),
      description: `${declared.map(ofKind).join(' ')} Wrong tokens and missing permissions are 401${method === 'post' ? ', wrong bodies 422 with a list under `detail`' : ''}. While the model cannot answer the reply is 503 with \`Retry-After\`. Needs ${needsOf(actions)} on the model.`,
      ...(method === 'post' && { body: unionOf(bodies) }),
      reply: z.object({
        status: z.literal('success'),
        message: z.string(),
        data: unionOf(actions.map(({ reply }) => reply)),
      }),
      refuses: method === 'post' ? [400, 401, 404, 408, 413, 415, 422] : [401, 404],
    }),
  };
}

function needsOf(actions: readonly ServedAction[]): string {
  return [...new Set(actions.map(({ needs }) => needs))].join(' or ');
}

function unionOf(schemas: readonly z.ZodType[]): z.ZodType {
  const all = schemas.flatMap((schema) =>
    schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [schema],
  );
  return all.length === 1 ? all[0]! : z.union(all);
}

interface Described {
  summary: string;
  description: string;
  body?: z.ZodType;
  /** Absent: text. */
  reply?: z.ZodType;
  /** Beside the statuses that every action may answer with. */
  refuses: readonly number[];
}

/** Of every action: a fault, nobody who serves, no answer in time. */
const always = [500, 503, 504];

function operation(name: string, described: Described): Operation {
  const { summary, description, body, reply, refuses } = described;
  const json = (schema: z.ZodType) => ({ 'application/json': { schema: jsonSchema(schema) } });
  return {
    tags: [tag],
    summary,
    description,
    operationId: `${name}Deployed`,
    servers: [{ url: '/' }],
    parameters: [
      {
        name: 'deployment',
        in: 'path',
        required: true,
        description: "The model's id or the deployment's name.",
        schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' },
      },
    ],
    ...(body ? { requestBody: { required: true, content: json(body) } } : {}),
    responses: {
      '200': {
        description: 'Success.',
        content: reply ? json(reply) : { 'text/plain': {} },
      },
      ...Object.fromEntries([...refuses, ...always].map((status) => [status, refusal(status)])),
    },
    security: [{ user: [] }],
  };
}

function refusal(status: number): Operation['responses'][string] {
  return {
    description: statusWords[status]!,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            status: { const: 'failed' },
            message: { type: 'string' },
            detail: { description: 'In place of the others: 401, 422 and 500.' },
          },
        },
      },
    },
  };
}
