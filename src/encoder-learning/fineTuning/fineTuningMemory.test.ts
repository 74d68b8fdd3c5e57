import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { parameterLayout } from '../../ml/transformers/parameterLayout';
import { miniLmConfig as miniLm } from '../../ml/transformers/testing/miniLmConfig';
import { affordableThreads, fineTuningBytes, fineTuningSize } from './fineTuningMemory';

const longer = { ...miniLm, maxPositions: 2048 };
const base = { ...miniLm, hidden: 768, layers: 12, intermediate: 3072 };

/** For 77 labels, and texts that use some of the vocabulary. */
function sizeOf(config: EncoderConfig, lengths: number[], batchRows: number, windows = 300) {
  const rows = Array.from({ length: windows }, (_, i) =>
    Int32Array.from({ length: lengths[i % lengths.length]! }, (_, k) => (i * 7 + k) % 1200),
  );
  return fineTuningSize(config, parameterLayout(config, 77), [{ rows }], { lengths, batchRows });
}

// Peaks of resident memory of the train stage in an allocation, in MiB, on rows of banking77 (joined
// where lengths ask for it); weights of the latter two are random.
test.each([
  ['MiniLM', 1, miniLm, [16, 32, 48, 54], 32, 1125],
  ['MiniLM', 2, miniLm, [16, 32, 48, 64], 32, 1488],
  ['MiniLM', 1, miniLm, [192, 256], 32, 1133],
  ['MiniLM', 2, miniLm, [192, 256], 32, 1518],
  ['MiniLM with room for 2048 tokens', 1, longer, [1024], 4, 1621],
  ['BERT base', 2, base, [16, 32, 48, 55], 32, 6531],
])(
  'the estimate for %s on %d threads is 0 to 25 %% above the measured peak',
  (_, threads, config, lengths, batchRows, measured) => {
    const estimate = fineTuningBytes(sizeOf(config, lengths, batchRows), threads) / 2 ** 20;
    expect(estimate / measured).toBeGreaterThan(1);
    expect(estimate / measured).toBeLessThan(1.25);
  },
);

test('one run counts in each thread, not one for each length', () => {
  const several = sizeOf(miniLm, [64, 128, 256], 32);
  const one = { ...several, lengths: [256] };
  expect(fineTuningBytes(several, 3)).toBe(fineTuningBytes(one, 3));
});

test('more texts, more words of them and a larger batch take more', () => {
  const size = sizeOf(miniLm, [64], 32);
  for (const more of [{ windows: 1e6 }, { tokens: 1e8 }, { usedRows: 9000 }, { batchRows: 512 }]) {
    expect(fineTuningBytes({ ...size, ...more }, 1)).toBeGreaterThan(fineTuningBytes(size, 1));
  }
  const all = { ...size, usedRows: 30522 + 512 + 2 };
  expect(fineTuningBytes({ ...all, usedRows: 1e9 }, 1)).toBe(fineTuningBytes(all, 1));
});

test('words are counted once each, however often texts use them', () => {
  const { windows, tokens, usedRows } = sizeOf(miniLm, [10, 20], 4, 6);
  expect({ windows, tokens, usedRows }).toEqual({ windows: 6, tokens: 90, usedRows: 55 + 20 + 1 });
});

describe('threads', () => {
  const size = sizeOf(miniLm, [32, 64, 256, 512], 32);

  test('are as many as there are cores, while the memory lasts', () => {
    expect(affordableThreads(size, 2, 6800)).toBe(2);
    expect(affordableThreads(size, 64, 6800)).toBeLessThan(16);
  });

  test('of which one is too many: the message names the length that would do', () => {
    expect(() => affordableThreads(size, 2, 1450)).toThrow(
      /takes about \d+ MB of memory and .* is 1450. Set it to \d+ or more, or: set model_options.max_length to (256|384) \(it is 512 now\)/,
    );
    expect(() => affordableThreads(size, 2, 400)).toThrow('model_options.training to "frozen"');
  });
});
