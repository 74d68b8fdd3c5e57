import { z } from 'zod';
import type { ModelType } from '../contract/modelType';
import type { ServedAction } from '../contract/servedModel';
import type * as registry from '../registry';

/** An action that answers with what it was sent. */
function action(declared: Partial<ServedAction> & { body: z.ZodType }): ServedAction {
  return {
    summary: 'Made up',
    description: 'Made up.',
    needs: 'read',
    changesNothing: true,
    reply: z.object({ took: declared.body }),
    maxBodyBytes: 1000,
    parse(sent) {
      const { success } = declared.body.safeParse(sent);
      if (!success) return { detail: [{ loc: ['body'], msg: 'not so', type: 'made_up' }] };
      return {
        items: [sent],
        sizeOf: () => 1,
        options: {},
        long: false,
        present: ([took]) => ({ took }),
        count: () => ({ bytes: 0, tokensIdentified: 0 }),
      };
    },
    ...declared,
  };
}

function kind(name: string, actions: Record<string, ServedAction>): ModelType {
  // Whoever routes, repeats or describes requests reads no more of a kind.
  return { name, served: { actions } } as unknown as ModelType;
}

const words = z.object({ words: z.string() });
const numbers = z.object({ numbers: z.array(z.number()) });

/** Both predict, from something else each. Learning twice is more than learning once; of forgetting the kinds differ. */
const kinds: readonly ModelType[] = [
  kind('of-words', {
    predict: action({ body: words, description: 'Reads words.' }),
    learn: action({ body: words, needs: 'write', changesNothing: false }),
    forget: action({ body: words, needs: 'write', changesNothing: false }),
  }),
  kind('of-numbers', {
    predict: action({ body: numbers, description: 'Reads numbers.' }),
    forget: action({ body: numbers, needs: 'write', changesNothing: true }),
  }),
];

/**
 * In the place of the registry, for tests of what kinds may declare and none of ours does:
 * `jest.mock('…/registry', () => jest.requireActual('…/testing/madeUpRegistry'))`.
 */
export const modelTypes: typeof registry.modelTypes = () => kinds;

export const getModelType: typeof registry.getModelType = (name) =>
  kinds.find((known) => known.name === name)!;
