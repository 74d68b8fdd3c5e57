import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServedModel } from '../contract/servedModel';
import { nearest, type Mean } from './nearest';

const texts = z.object({ texts: z.array(z.string()).max(100) });
const labelled = z.object({ label: z.string(), text: z.string() });

export const served: ServedModel = {
  actions: {
    nearest: {
      summary: 'Labels by length',
      description: 'The label whose texts are about as long.',
      needs: 'read',
      changesNothing: true,
      body: texts,
      reply: z.object({ labels: z.array(z.string()) }),
      maxBodyBytes: 10_000,
      parse(json) {
        const parsed = texts.safeParse(json);
        if (!parsed.success) return refused('texts must be a list of texts');
        return {
          items: parsed.data.texts,
          sizeOf: (text) => (text as string).length,
          options: {},
          long: false,
          present: (labels) => ({ labels }),
          count: () => ({
            bytes: parsed.data.texts.join('').length,
            tokensIdentified: parsed.data.texts.length,
          }),
        };
      },
    },
    tell: {
      summary: 'Tell it a label by a text',
      description: 'Known until the model is loaded the next time.',
      needs: 'write',
      changesNothing: false,
      body: labelled,
      reply: z.object({ labels: z.number() }),
      maxBodyBytes: 10_000,
      parse(json) {
        const parsed = labelled.safeParse(json);
        if (!parsed.success) return refused('a label and a text are needed');
        return {
          items: [parsed.data],
          sizeOf: () => parsed.data.text.length,
          options: {},
          long: false,
          present: ([labels]) => ({ labels }),
          count: () => ({ bytes: 0, tokensIdentified: 0 }),
        };
      },
    },
  },
  open(folder) {
    const { means } = JSON.parse(readFileSync(join(folder, 'means.json'), 'utf8')) as {
      means: Mean[];
    };
    const answers: Record<string, (item: unknown) => unknown> = {
      nearest: (text) => nearest(means, text as string).label,
      tell(item) {
        const { label, text } = item as z.infer<typeof labelled>;
        return means.push({ label, mean: text.length });
      },
    };
    return Promise.resolve({
      run: (action, items) => Promise.resolve(items.map(answers[action]!)),
      close: () => Promise.resolve(),
    });
  },
};

function refused(msg: string) {
  return { detail: [{ loc: ['body'], msg, type: 'mean_length' }] };
}
