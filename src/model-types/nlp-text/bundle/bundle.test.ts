import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinearModel } from '../../../ml/linear/linearModel';
import { defaultFeaturizer } from '../../../ml/text/featurizerSpec';
import { type BundleInfo, linearModelOf, readBundle, writeBundle } from './bundle';
import { choosePrecision } from '../../../bundle/bundleSize';
import { openScorer } from '../predict/scorer';

const info: BundleInfo = {
  modelType: 'nlp-text',
  nTargetClasses: 5,
  seed: 42,
  dataHash: 'a'.repeat(64),
};

function buildModel(head: LinearModel['head'] = 'softmax'): LinearModel {
  const rows = 400;
  const labels = ['ham', 'spam', 'ștampilă'];
  return {
    head,
    labels,
    buckets: Uint32Array.from({ length: rows }, (_, i) => i * 5000 + 3),
    scales: Float32Array.from({ length: rows }, (_, i) => 1 + (i % 5)),
    weights: Float32Array.from({ length: rows * labels.length }, (_, i) => 5 * Math.sin(i * i)),
    bias: Float32Array.of(0.1, -0.2, 0.3),
  };
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'bundle-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function editManifest(edit: (manifest: Record<string, unknown>) => void): void {
  const path = join(dir, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

describe('writeBundle', () => {
  it.each(['softmax', 'sigmoid'] as const)(
    'writes a %s model that reads back equal',
    async (head) => {
      const model = buildModel(head);
      await writeBundle(dir, model, defaultFeaturizer, info);
      const bundle = readBundle(dir);
      expect(linearModelOf(bundle)).toEqual(model);
      expect(bundle.manifest.featurizer).toEqual(defaultFeaturizer);
      expect(bundle.manifest.n_target_classes).toBe(5);
    },
  );

  it('writes the same bytes for the same model', async () => {
    const read = () =>
      ['manifest.json', 'features.bin', 'model.onnx'].map((name) =>
        readFileSync(join(dir, name), 'hex'),
      );
    await writeBundle(dir, buildModel(), defaultFeaturizer, info);
    const first = read();
    await writeBundle(dir, buildModel(), defaultFeaturizer, info);
    expect(read()).toEqual(first);
  });

  it('refuses a model whose weights are not numbers, as the graph could not answer as the trainer', async () => {
    const model = buildModel();
    model.weights.fill(NaN);
    await expect(writeBundle(dir, model, defaultFeaturizer, info)).rejects.toMatchObject({
      kind: 'bug',
      code: 'export_differs',
    });
  });
});

describe('readBundle', () => {
  beforeEach(() => writeBundle(dir, buildModel(), defaultFeaturizer, info));

  it.each(['features.bin', 'model.onnx'])('refuses a changed %s', (name) => {
    const bytes = readFileSync(join(dir, name));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(join(dir, name), bytes);
    expect(() => readBundle(dir)).toThrow(`${name} is not the file that its manifest describes`);
  });

  it('says which file is missing, without its path', () => {
    rmSync(join(dir, 'model.onnx'));
    expect(() => readBundle(dir)).toThrow(/^the model is damaged: model.onnx is missing$/);
  });

  it('refuses a bundle of another format with the reason', () => {
    editManifest((manifest) => (manifest.schema = 2));
    expect(() => readBundle(dir)).toThrow('bundle format 2, known here: 1');
  });

  it('refuses another version of the model type with the reason', () => {
    editManifest((manifest) => (manifest.model_type = { name: 'nlp-text', version: 7 }));
    expect(() => readBundle(dir)).toThrow('model type nlp-text 7, known here: 1');
  });

  it('names the field of a manifest that is wrong', () => {
    editManifest((manifest) => (manifest.head = 'tanh'));
    expect(() => readBundle(dir)).toThrow('manifest.json, head');
  });

  it('refuses a manifest that is not JSON', () => {
    writeFileSync(join(dir, 'manifest.json'), '{');
    expect(() => readBundle(dir)).toThrow('manifest.json is not JSON');
  });
});

describe('choosePrecision', () => {
  it('packs weights only over the size budget', () => {
    expect(choosePrecision(100_000, 400)).toBe('float32');
    expect(choosePrecision(100_000, 600)).toBe('float16');
  });

  it('refuses what no protobuf can hold', () => {
    expect(() => choosePrecision(1_000_000, 5000)).toThrow(
      'a model of 1000000 features and 5000 labels takes 10.0 GB',
    );
  });
});

describe('openScorer', () => {
  it('refuses a model whose texts had other features', async () => {
    await writeBundle(dir, buildModel(), defaultFeaturizer, info);
    editManifest((manifest) => {
      (manifest.test_vectors as { buckets: number[] }[])[1]!.buckets[0]!++;
    });
    await expect(openScorer(dir)).rejects.toMatchObject({
      kind: 'config',
      code: 'features_changed',
    });
  });
});
