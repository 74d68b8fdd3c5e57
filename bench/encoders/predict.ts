/**
 * Predictions of a model from frozen all-MiniLM-L6-v2, trained here on banking77, in full precision and
 * as int8: our predictor as serving opens it beside ONNX Runtime and Hugging Face's tokenizers in Python
 * on the same bundle. One thread each (the predictor has one).
 *
 *   npm run build && node dist/bench/encoders/predict.js [rounds=5]
 *
 * TRAINYARD_BENCH_PYTHON names a Python that has bench/peers/requirements.txt; without it only ours is
 * measured. The encoder lies in TRAINYARD_ENCODERS (default `../shared/encoders`), the data in
 * TRAINYARD_DATASETS. Trains for a minute or two per bundle. See `comparePredictions` for what it prints.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultOptions } from '../../src/model-types/nlp-text/options';
import { readTextSet } from '../accuracy/datasets';
import { comparePredictions } from './comparePredictions';
import { runEncoderStages } from './localRun';
import { miniLmChoice, miniLmFolder } from './miniLmFolder';

async function main(rounds = '5'): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const set = readTextSet('banking77');
    for (const quantize of [false, true]) {
      const options = {
        ...defaultOptions,
        label_column: 'label',
        encoder: miniLmChoice('frozen', quantize),
      };
      const own = join(dir, quantize ? 'int8' : 'full');
      const run = await runEncoderStages(own, set, options, miniLmFolder);
      const bundle = join(run.folder('train'), 'model');
      await comparePredictions(bundle, set.test, Number(rounds), own);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main(process.argv[2]);
