import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServedModel } from '../contract/servedModel';
import { nearest, type Mean } from './nearest';

const body = z.object({ texts: z.array(z.string()).max(100) });

export const served: ServedModel = {
  actions: {
    nearest: {
      summary: 'Labels by length',
      description: 'The label whose texts are about as long.',
      needs: 'read',
      changesNothing: true,
      body,
      reply: z.object({ labels: z.array(z.string()) }),
      maxBodyBytes: 10_000,
      parse(json) {
        const parsed = body.safeParse(json);
        if (!parsed.success) {
          return {
            detail: [{ loc: ['body'], msg: 'texts must be a list of texts', type: 'texts' }],
          };
        }
        const { texts } = parsed.data;
        return {
          items: texts,
          sizeOf: (text) => (text as string).length,
          options: {},
          long: false,
          present: (labels) => ({ labels }),
          count: () => ({ bytes: texts.join('').length, tokensIdentified: texts.length }),
        };
      },
    },
  },
  open(folder) {
    const { means } = JSON.parse(readFileSync(join(folder, 'means.json'), 'utf8')) as {
      means: Mean[];
    };
    return Promise.resolve({
      run: (_, texts) =>
        Promise.resolve((texts as string[]).map((text) => nearest(means, text).label)),
      close: () => Promise.resolve(),
    });
  },
};
