import { randomUUID } from 'node:crypto';
import { userById, type User } from '../database/accounts/users';
import { keepEncoderContent, runsWithEncoder } from '../database/models/encoders';
import { messagesOf } from '../database/models/messages';
import { runOfModel } from '../database/runs/runs';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../database/testing/testDatabase';
import { testRun } from '../database/testing/testRun';
import { createTraining, type NewTraining } from './createTraining';

const encoder = { name: 'small', hash: 'e'.repeat(64), training: 'frozen' };

let db: TestDatabase;
let ann: User;
let ben: User;
beforeAll(async () => {
  db = await testDatabase();
  const someone = async () => {
    const { ownerId } = await testRun(db.database);
    return (await userById(db.database, ownerId))!;
  };
  [ann, ben] = [await someone(), await someone()];
}, testDatabasePatienceMs);
afterAll(() => db.drop());

function create(training: Partial<NewTraining>, user = ann): Promise<string> {
  const whole: NewTraining = {
    name: randomUUID(),
    type: 'nlp-text',
    baseModelId: null,
    options: { text_column: 'text', seed: 7 },
    data: { sources: [], cache: 'use', deploy_when_complete: false },
    job: { allocation_cores: 1, allocation_memory: 500 },
    warnings: [],
    ...training,
  };
  return db.database.transaction((tx) => createTraining(tx, user, whole));
}

async function complete(training: Partial<NewTraining>, user = ann): Promise<string> {
  const id = await create(training, user);
  await db.database.query(
    `UPDATE model SET train_status = 'complete', attributes = '{"a": "1", "metadata": "2"}' WHERE id = $1`,
    [id],
  );
  return id;
}

const runOf = async (modelId: string) => (await runOfModel(db.database.manager, modelId))!;

describe('createTraining', () => {
  it('writes what was planned, with the warnings', async () => {
    const id = await create({ warnings: ['one', 'two'] });
    expect(await runOf(id)).toMatchObject({
      execution: 1,
      options: { text_column: 'text', seed: 7 },
      data: { cache: 'use', base_model_id: null },
      job: { allocation_memory: 500 },
    });
    expect(await messagesOf(db.database, id, 'train')).toEqual([
      { level: 'warning', text: 'one' },
      { level: 'warning', text: 'two' },
    ]);
  });

  it('keeps the files of the encoder that the kind finds in the options', async () => {
    const tree = {
      manifest: { key: 'k', sha256: '0', bytes: 1, mediaType: 'application/json' },
      files: 1,
      bytes: 1,
    };
    const facts = { family: 'bert', dims: 8, max_length: 8, context_length: 8, bytes: 1 };
    await keepEncoderContent(db.database, { hash: encoder.hash, tree, ...facts });
    await create({});
    expect(await runsWithEncoder(db.database, encoder.hash)).toBe(0);
    await create({ options: { encoder } });
    expect(await runsWithEncoder(db.database, encoder.hash)).toBe(1);
  });

  it('says that an encoder was removed meanwhile, and writes nothing', async () => {
    const name = randomUUID();
    const gone = { ...encoder, hash: 'f'.repeat(64) };
    await expect(create({ name, options: { encoder: gone } })).rejects.toMatchObject({
      code: 'encoder_removed',
    });
    expect(await db.database.query('SELECT 1 FROM model WHERE name = $1', [name])).toEqual([]);
  });

  it('takes over from the base model what its kind passes on, and no more', async () => {
    const options = { text_column: 'body', n_target_classes: 3, seed: 1, epochs: 9 };
    const baseModelId = await complete({ options });
    const id = await create({ baseModelId, options: { text_column: 'text', seed: 7 } });
    expect(await runOf(id)).toMatchObject({
      options: { text_column: 'body', n_target_classes: 3, seed: 7 },
      data: { base_model_id: baseModelId },
    });
    expect((await runOf(id)).options).not.toHaveProperty('epochs');
    expect(
      await db.database.query('SELECT base_model_id, attributes FROM model WHERE id = $1', [id]),
    ).toEqual([{ base_model_id: baseModelId, attributes: { a: '1' } }]);
  });

  it('asks the kind last whether a base model can be trained on from', async () => {
    const options = { encoder };
    const base = await create({ options }, ben);
    const based = (more: Partial<NewTraining>, user: User) =>
      create({ baseModelId: base, ...more }, user);
    await expect(based({ type: 'nlp-doc' }, ann)).rejects.toMatchObject({
      code: 'base_model_type',
    });
    await expect(based({}, ann)).rejects.toMatchObject({ status: 403 });
    await expect(based({}, ben)).rejects.toMatchObject({ code: 'base_model_incomplete' });
    const done = await complete({ options }, ben);
    await expect(create({ baseModelId: done }, ben)).rejects.toMatchObject({
      code: 'base_model_encoder',
    });
  });

  it('knows no kind that is not registered', async () => {
    await expect(create({ type: 'nlp-other' })).rejects.toMatchObject({
      code: 'unknown_model_type',
    });
  });
});
