import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import { publishTree } from '../../artifacts/trees/tree';
import type { Database } from '../../database/database';
import type { BundleRef } from '../../database/models/deployments';
import { insertUser } from '../../database/accounts/users';
import type { LinearModel } from '../../ml/linear/linearModel';
import { Featurizer } from '../../ml/text/featurizer';
import { defaultFeaturizer } from '../../ml/text/featurizerSpec';
import { writeBundle } from '../../model-types/nlp-text/bundle/bundle';

/** A classifier that puts a text with this word first into its one class, `<label>`, and knows `other`. */
export function tinyModel(word: string, label: string): LinearModel {
  const { buckets: counted, size } = new Featurizer(defaultFeaturizer).count(word);
  const buckets = Uint32Array.from(counted.subarray(0, size)).sort();
  const weights = new Float32Array(buckets.length * 2);
  for (let row = 0; row < buckets.length; row++) weights[row * 2] = 2;
  return {
    head: 'softmax',
    labels: [label, 'other'],
    buckets,
    scales: new Float32Array(buckets.length).fill(1),
    weights,
    bias: new Float32Array(2),
  };
}

/** Writes a bundle into the folder `<folder>/model`. */
export async function writeTinyBundle(folder: string, model: LinearModel): Promise<void> {
  await mkdir(join(folder, 'model'), { recursive: true });
  await writeBundle(join(folder, 'model'), model, defaultFeaturizer, {
    modelType: 'nlp-text',
    nTargetClasses: null,
    seed: 1,
    dataHash: '0'.repeat(64),
  });
}

/** Adds a user. @returns the id */
export async function addUser(database: Database): Promise<string> {
  const id = randomUUID();
  await insertUser(database.manager, {
    id,
    username: id,
    email: `${id}@example.org`,
    is_admin: false,
    password_hash: 'none',
  });
  return id;
}

/** Publishes a bundle and adds its trained model. @returns the model's id */
export async function addTrainedModel(
  database: Database,
  store: ArtifactStore,
  ownerId: string,
  model: LinearModel,
): Promise<string> {
  const id = randomUUID();
  const folder = join(tmpdir(), `trainyard-bundle-${id}`);
  try {
    await writeTinyBundle(folder, model);
    const tree = await publishTree(store, `runs/${id}/train/`, folder);
    const bundle: BundleRef = { tree, path: 'model' };
    await database.query(
      `INSERT INTO model (id, name, type, owner_id, train_status, bundle)
       VALUES ($1, $2, 'nlp-text', $3, 'complete', $4)`,
      [id, `model ${id}`, ownerId, JSON.stringify(bundle)],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return id;
}
