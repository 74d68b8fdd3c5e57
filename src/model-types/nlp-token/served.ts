import { z } from 'zod';
import type { ActionRequest, RefusedBody, ServedModel } from '../contract/servedModel';
import type { TokenTagger } from './predict/tokenTagger';
import {
  manyPredictRequest,
  onePredictRequest,
  parsePredictRequest,
  predictLimits,
} from './predict/predictRequest';
import {
  predictReply,
  presentPredictions,
  spanCount,
  type TokenPrediction,
} from './predict/presentPrediction';

/** What a deployed token classifier answers. */
export const served: ServedModel = {
  actions: {
    predict: {
      summary: 'Find the tags in a text, or in many in one call',
      description: 'The tag of each token, and the spans that have one.',
      needs: 'read',
      changesNothing: true,
      body: z.union([onePredictRequest, manyPredictRequest]),
      reply: predictReply,
      maxBodyBytes: predictLimits.bodyBytes,
      parse: parsePredict,
    },
    get_labels: {
      summary: 'The tags that a token classifier knows',
      description: 'With the one of tokens that have none.',
      needs: 'read',
      changesNothing: true,
      reply: z.array(z.string()),
      parse: () => ({
        items: [null],
        sizeOf: () => 0,
        options: {},
        long: false,
        present: ([labels]) => labels as string[],
        count: () => ({ bytes: 0, tokensIdentified: 0 }),
      }),
    },
  },
  async open(folder) {
    const { openTagger } = await import('./predict/tokenTagger.js');
    const tagger = await openTagger(folder);
    const { target_labels, default_tag: defaultTag } = tagger.manifest;
    return {
      async run(action, items, { dataType }, signal) {
        if (action === 'get_labels') return items.map(() => [...target_labels, defaultTag]);
        const found: TokenPrediction[] = [];
        for (const text of items as string[]) {
          signal.throwIfAborted();
          if (dataType === 'xml') found.push(await inXml(tagger, text, signal));
          else found.push({ spans: (await tagger.tag(text)).spans, defaultTag });
        }
        return found;
      },
      close: () => tagger.close(),
    };
  },
};

function parsePredict(body: unknown): ActionRequest | RefusedBody {
  const request = parsePredictRequest(body);
  if ('detail' in request) return request;
  const { texts, dataType } = request;
  return {
    items: texts,
    sizeOf: (text) => (text as string).length,
    options: { dataType },
    long: false,
    present: (results, seconds) =>
      presentPredictions(request, results as TokenPrediction[], seconds),
    count: (results) => ({
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      tokensIdentified: (results as TokenPrediction[]).reduce(
        (n, found) => n + spanCount(found),
        0,
      ),
    }),
  };
}

async function inXml(
  tagger: TokenTagger,
  text: string,
  signal: AbortSignal,
): Promise<TokenPrediction> {
  const { tagXml } = await import('./predict/xmlPrediction.js');
  const found = await tagXml(tagger, text, signal);
  // Errors do not keep their class between threads; nor would one of a text be one of its neighbours.
  return found instanceof Error ? { unreadable: found.message } : found;
}
