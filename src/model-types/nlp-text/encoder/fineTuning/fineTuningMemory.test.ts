import type { EncoderConfig } from '../../../../ml/transformers/encoderConfig';
import { tinyConfig } from '../../../../ml/transformers/testing/tinyEncoder';
import { affordableThreads } from './fineTuningMemory';

const miniLm: EncoderConfig = {
  ...tinyConfig(),
  hidden: 384,
  layers: 6,
  heads: 12,
  intermediate: 1536,
};
const size = {
  config: miniLm,
  dense: 10.7e6,
  tables: 11.9e6,
  lengths: [32, 64, 256, 512],
  batchRows: 32,
};

test('as many threads as there are cores, while the memory lasts', () => {
  expect(affordableThreads(size, 2, 6800)).toBe(2);
  expect(affordableThreads(size, 64, 6800)).toBeLessThan(16);
});

test('where one thread is too many, the message names the length that would do', () => {
  expect(() => affordableThreads(size, 2, 1500)).toThrow(
    /takes about \d+ MB of memory and .* is 1500. Set it to \d+ or more, or: set model_options.max_length to (256|384) \(it is 512 now\)/,
  );
  expect(() => affordableThreads(size, 2, 400)).toThrow('model_options.training to "frozen"');
});
