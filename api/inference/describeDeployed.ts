import { z } from 'zod';
import { manyPredictRequest, onePredictRequest } from '../../src/serving/http/predictRequest';
import { predictReply } from '../../src/serving/http/presentPrediction';
import { usageReply } from '../../src/serving/usage';
import { statusWords } from '../core/statuses';
import { jsonSchema, type OpenApiDocument, type Operation } from '../openapi/document';

const tag = 'deployed models';

/** Adds what deployed models answer, from the schemas by which the serving process validates. */
export function describeDeployed(document: OpenApiDocument): OpenApiDocument {
  return {
    ...document,
    tags: [...document.tags, { name: tag }],
    paths: { ...document.paths, ...paths() },
  };
}

function paths(): OpenApiDocument['paths'] {
  return {
    '/{deployment}/predict': {
      post: operation('predict', {
        summary: 'Classify a text, or many in one call',
        description:
          'Wrong tokens and missing permissions are 401, wrong bodies 422 with a list under `detail`. While the model cannot answer the reply is 503 with `Retry-After`. Needs read on the model.',
        body: z.union([onePredictRequest, manyPredictRequest]),
        reply: predictReply,
        refuses: [401, 404, 408, 413, 415, 422],
      }),
    },
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
