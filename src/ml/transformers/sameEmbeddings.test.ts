import { openGraph } from '../onnx/graphSession';
import { embeddingGraph } from './servingGraph';
import {
  missingParityFiles,
  readParityEncoder,
  readParityTokenizer,
} from './testing/parity/parityFiles';
import { servingFeeds, tokenBatch } from './tokenBatch';

const present = missingParityFiles().length === 0;

/** Of several lengths, all padded to 64: 512 tokens at once, as when a shard is embedded. */
const texts = [
  'hi',
  'The train leaves the yard at noon.',
  'I have been charged twice for one transfer; please give me my money back as soon as you can',
  'a',
  '0800-123-456 call now!!!',
  'Ce faci, mâine plecăm cu trenul de la gară',
  '\u5929\u6C14\u5F88\u597D',
  'what is the exchange rate',
];
const length = 64;

(present ? describe : describe.skip)("MiniLM's embedding of a text", () => {
  const { config, weights } = present ? readParityEncoder() : ({} as never);
  const rows = present ? texts.map((text) => readParityTokenizer().encode(text, length)) : [];

  /** Embeddings by text, of batches of so many texts, in a given order. */
  async function embed(threads: number, atOnce: number, order: number[]): Promise<Buffer[]> {
    const session = await openGraph(embeddingGraph(config, weights, true), { threads });
    const found = new Array<Buffer>(texts.length);
    for (let at = 0; at < order.length; at += atOnce) {
      const chosen = order.slice(at, at + atOnce);
      const batch = tokenBatch(
        chosen.map((i) => rows[i]!),
        length,
        config,
      );
      const embeddings = new Float32Array(chosen.length * config.hidden);
      await session.run(servingFeeds(batch), { embeddings }, { N: chosen.length, L: length });
      const bytes = Buffer.from(embeddings.buffer);
      chosen.forEach((text, i) => {
        const size = 4 * config.hidden;
        found[text] = bytes.subarray(i * size, (i + 1) * size);
      });
    }
    await session.close();
    return found;
  }

  const order = texts.map((_, i) => i);
  let wanted: Buffer[];
  beforeAll(async () => {
    wanted = await embed(1, texts.length, order);
  }, 60_000);

  it('is one of its own', () => {
    expect(new Set(wanted.map((bytes) => bytes.toString('hex'))).size).toBe(texts.length);
  });

  it('has the same bytes on one thread and on two', async () => {
    expect(await embed(2, texts.length, order)).toEqual(wanted);
  }, 60_000);

  it.each([1, 2, 3])(
    'has the same bytes beside other texts, %d at once',
    async (atOnce) => {
      expect(await embed(1, atOnce, order.toReversed())).toEqual(wanted);
      expect(await embed(2, atOnce, order.toReversed())).toEqual(wanted);
    },
    60_000,
  );
});
