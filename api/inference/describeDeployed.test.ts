import { openApiDocument } from '../openapi/document';
import { describeDeployed } from './describeDeployed';

describe('describeDeployed', () => {
  const { paths } = describeDeployed(openApiDocument([]));

  it('says that deployed models are beside the API, not below it', () => {
    expect(paths['/{deployment}/predict']!['post']).toMatchObject({
      servers: [{ url: '/' }],
      security: [{ user: [] }],
    });
  });

  it('describes all ways to predict, each field with its type', () => {
    const { requestBody } = paths['/{deployment}/predict']!['post']!;
    const { anyOf } = requestBody!.content['application/json']!.schema as { anyOf: object[] };
    const common = { top_k: { type: 'integer', minimum: 1 }, explain: { type: 'boolean' } };
    expect(anyOf.slice(0, 2)).toMatchObject([
      { required: ['text'], properties: { text: { type: 'string' }, ...common } },
      { required: ['texts'], properties: { texts: { type: 'array' }, ...common } },
    ]);
    expect(anyOf[2]).toMatchObject({ properties: { data_type: { type: 'string' } } });
  });
});
