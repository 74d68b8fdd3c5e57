import { openApiDocument } from '../openapi/document';
import { describeDeployed } from './describeDeployed';

jest.mock('../../src/model-types/registry', () =>
  jest.requireActual('../../src/model-types/testing/madeUpRegistry'),
);

describe('describeDeployed, of actions with one name and different bodies', () => {
  const { paths } = describeDeployed(openApiDocument([]));
  const { description, requestBody, responses } = paths['/{deployment}/predict']!['post']!;
  const words = { required: ['words'], properties: { words: { type: 'string' } } };
  const numbers = { required: ['numbers'], properties: { numbers: { type: 'array' } } };

  it('says of each kind what it does', () => {
    expect(description).toContain('of-words: Reads words. of-numbers: Reads numbers.');
  });

  it('describes the bodies of both kinds, and what both answer', () => {
    expect(requestBody!.content['application/json']!.schema).toMatchObject({
      anyOf: [words, numbers],
    });
    expect(responses['200']!.content!['application/json']).toMatchObject({
      schema: {
        properties: {
          data: { anyOf: [{ properties: { took: words } }, { properties: { took: numbers } }] },
        },
      },
    });
  });

  it('names no kind where only one declares the action, and says what it needs', () => {
    const learn = paths['/{deployment}/learn']!['post']!;
    expect(learn.description).toMatch(/^Made up\. .* Needs write on the model\.$/);
    expect(learn.requestBody!.content['application/json']!.schema).toMatchObject(words);
  });
});
