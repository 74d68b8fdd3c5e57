import { miniLmConfig as miniLm } from '../../ml/transformers/testing/miniLmConfig';
import { embeddingBytes, requireEmbeddingMemory } from './embeddingMemory';

const longer = { ...miniLm, maxPositions: 2048 };
const base = { ...miniLm, hidden: 768, layers: 12, intermediate: 3072 };

// Peaks of resident memory of the embed stage in an allocation, in MiB, on joined rows of banking77.
test.each([
  ['MiniLM', miniLm, 64, 495],
  ['MiniLM', miniLm, 512, 492],
  ['MiniLM with room for 2048 tokens', longer, 1024, 589],
  ['MiniLM with room for 2048 tokens', longer, 2048, 880],
  ['BERT base', base, 64, 2285],
])('the estimate for %s is 0 to 25 %% above the measured peak', (_, config, length, measured) => {
  const ratio = embeddingBytes(config, length) / 2 ** 20 / measured;
  expect(ratio).toBeGreaterThan(1);
  expect(ratio).toBeLessThan(1.25);
});

test('where memory is short, the message names the length that would do', () => {
  expect(() => requireEmbeddingMemory(longer, 2048, 1200)).not.toThrow();
  expect(() => requireEmbeddingMemory(longer, 2048, 800)).toThrow(
    /texts of up to 2048 tokens .* takes about \d+ MB|set model_options.max_length to 1024 \(it is 2048 now\)/,
  );
  expect(() => requireEmbeddingMemory(longer, 2048, 300)).toThrow('or: choose a smaller encoder');
});
