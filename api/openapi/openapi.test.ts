import { z } from 'zod';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { describeDeployed } from '../inference/describeDeployed';
import { operationsRoutes } from '../operations/routes';
import { apiRoutes } from '../server';
import { testApi, type TestApi } from '../testing/testApi';
import { openApiDocument, type Operation } from './document';

describe('the OpenAPI document', () => {
  const document = openApiDocument(apiRoutes);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method} ${path}`, operation] as [string, Operation],
    ),
  );

  it('describes every route and method', () => {
    const declared = apiRoutes.flatMap(({ method, path }) =>
      method.map((verb) => `${verb} ${path.replaceAll(/:([^/]+)/g, '{$1}')}`),
    );
    expect(operations.map(([name]) => name).sort()).toEqual(declared.sort());
  });

  it('gives each operation a name of its own', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z][A-Za-z0-9]*$/.test(name))).toBe(true);
  });

  it.each(operations)('%s names its path parameters and what it needs', (name, operation) => {
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const described = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(described.map((parameter) => parameter.name)).toEqual(inPath);
    expect(operation.description).toMatch(/Needs .+\.$/);
  });

  it('refers only to what it defines', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    for (const reference of new Set(references)) {
      const found = reference
        .split('/')
        .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
    for (const [, { security }] of operations) {
      for (const scheme of security.flatMap((entry) => Object.keys(entry))) {
        expect(document.components['securitySchemes']).toHaveProperty(scheme);
      }
    }
  });

  it('describes bodies by the schemas that validate them', () => {
    const body = document.paths['/user/signup']!['post']!.requestBody!;
    expect(body.content['application/json']!.schema).toMatchObject({
      type: 'object',
      properties: { username: { type: 'string', minLength: 1, maxLength: 50 } },
      required: ['username', 'email', 'password'],
    });
  });

  it('lists the statuses that follow from each declaration, and no others', () => {
    const statuses = (method: string, path: string) =>
      Object.keys(document.paths[path]![method]!.responses).map(Number);
    expect(statuses('get', '/health')).toEqual([200, 500, 503]);
    expect(statuses('get', '/model/{model_id}')).toEqual([200, 400, 401, 403, 404, 422, 500, 503]);
    expect(statuses('post', '/user/signup')).toEqual([
      ...[200, 400, 403, 408, 409, 413, 415, 422, 429, 500, 503],
    ]);
    expect(statuses('post', '/train/nlp-text')).toEqual([
      ...[200, 400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507],
    ]);
    for (const [, { responses }] of operations) expect(responses).not.toHaveProperty('default');
  });

  it('says what a text must look like', () => {
    const { schema } = document.paths['/train/upload-data']!['post']!.parameters[0]!;
    expect(schema).toMatchObject({ pattern: '^[A-Za-z0-9_]{0,255}$' });
    const bodyOf = (path: string) =>
      document.paths[path]!['post']!.requestBody!.content['application/json']!.schema;
    expect(bodyOf('/team/create')).toMatchObject({
      properties: { name: { type: 'string', minLength: 1, maxLength: 100 } },
      required: ['name'],
    });
    expect(bodyOf('/train/validate-trainable-csv')).toMatchObject({
      properties: { upload_id: { type: 'string', format: 'uuid' } },
      required: ['type', 'upload_id'],
    });
    const { properties } = bodyOf('/train/nlp-text') as { properties: Record<string, object> };
    expect(properties['model_name']).toMatchObject({ type: 'string', minLength: 1 });
    expect(z.uuid().parse(nlpTextExample(bodyOf('/train/nlp-text')))).toBeTruthy();
  });

  it('leaves no field of a body or query without a type', () => {
    const untyped = operations.flatMap(([name, { requestBody, parameters }]) => [
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => untypedIn(schema, name)),
      ...parameters.flatMap((found) => untypedIn(found.schema, `${name} ${found.name}`)),
    ]);
    expect(untyped).toEqual([]);
  });

  describe('over HTTP', () => {
    let api: TestApi;
    beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
    afterAll(() => api.stop());

    it('is at /openapi.json', async () => {
      const { body } = await api.as().get('/openapi.json').expect(200);
      const described = describeDeployed(openApiDocument(apiRoutes, operationsRoutes(api.deps)));
      expect(body).toEqual(JSON.parse(JSON.stringify(described)));
      expect(Object.keys(described.paths)).toEqual(
        expect.arrayContaining(['/ready', '/metrics', '/{deployment}/metrics']),
      );
    });

    it('is a page at /docs of which every part comes from here', async () => {
      const { text, headers } = await api.as().get('/docs').expect(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      const parts = [...text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map((match) => match[1]!);
      expect(parts).toHaveLength(3);
      for (const part of parts) {
        const reply = await api.as().get(part).buffer(true).expect(200);
        expect(reply.headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      }
      expect(text).not.toMatch(/<script>|\son\w+=|https?:/);
    });
  });
});

function nlpTextExample(schema: object): unknown {
  const { example } = schema as { example: { data: { supervised_files: [{ path: string }] } } };
  return example.data.supervised_files[0].path;
}

/** Fields of a schema that say nothing about what they take; free maps may. */
function untypedIn(schema: Record<string, unknown>, path: string): string[] {
  const { type, anyOf, enum: words, properties, items, additionalProperties } = schema;
  if (additionalProperties !== undefined && properties === undefined) return [];
  const said = type ?? anyOf ?? schema['oneOf'] ?? schema['allOf'] ?? words ?? schema['const'];
  return [
    ...(said === undefined ? [path] : []),
    ...Object.entries((properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(
      ([name, field]) => untypedIn(field, `${path}.${name}`),
    ),
    ...(items ? untypedIn(items as Record<string, unknown>, `${path}[]`) : []),
  ];
}
