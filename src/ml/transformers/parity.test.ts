import { embeddingParity } from './testing/parity/embeddingParity';
import { missingParityFiles } from './testing/parity/parityFiles';
import { type TrainingParity, trainingParity } from './testing/parity/trainingParity';
import type { Worst } from './testing/parity/worst';

const present = missingParityFiles().length === 0;

/** Says where the worst error is when it is too large. */
function expectWithin(bound: number, { error, at }: Worst): void {
  expect({ at, error, within: error <= bound }).toEqual({ at, error, within: true });
}

(present ? describe : describe.skip)('MiniLM', () => {
  it('gives the embeddings that transformers gives', async () => {
    expectWithin(1e-5, await embeddingParity());
  }, 60_000);

  describe('fine-tuned beside PyTorch', () => {
    let figures: TrainingParity;
    beforeAll(async () => {
      figures = await trainingParity();
    }, 120_000);

    it('has the same logits before the first step', () => {
      expectWithin(1e-4, figures.logits);
    });

    it('has the same gradients', () => {
      expect(figures.parameters).toBe(103);
      expectWithin(1e-3, figures.gradientNorms.relative);
      expectWithin(1e-8, figures.gradientNorms.keyBiases);
      expectWithin(1e-3, figures.gradientValues.relative);
      expectWithin(1e-8, figures.gradientValues.keyBiases);
    });

    it('has the same ten losses', () => {
      expectWithin(1e-3, figures.losses);
    });

    it('has the same weights after ten steps', () => {
      expectWithin(1e-4, figures.weightNorms.relative);
      expectWithin(1e-5, figures.weightNorms.keyBiases);
      expect(figures.wordTableNorm).toBeLessThan(1e-3);
    });
  });
});
