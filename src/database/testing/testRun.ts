import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database';
import { insertModel } from '../models/models';
import { insertRun } from '../runs/runs';
import { insertUser, userById } from '../accounts/users';

/** The ids of a run in a database of tests, with all that a run belongs to. */
export interface TestRun {
  runId: string;
  modelId: string;
  ownerId: string;
}

/** Makes a user, a model and a run that nobody has started. */
export async function testRun(db: Queryable, ownerId: string = randomUUID()): Promise<TestRun> {
  const [runId, modelId] = [randomUUID(), randomUUID()];
  if (!(await userById(db, ownerId))) {
    const email = `${ownerId}@example.org`;
    const user = { id: ownerId, username: ownerId.slice(0, 8), email, is_admin: false };
    await insertUser(db, { ...user, password_hash: '' });
  }
  await insertModel(db, {
    id: modelId,
    name: modelId,
    type: 'nlp-text',
    owner_id: ownerId,
    base_model_id: null,
    attributes: {},
  });
  await insertRun(db, {
    id: runId,
    model_id: modelId,
    options: {},
    data: { sources: [], cache: 'use', deploy_when_complete: false },
    job: { allocation_cores: 1, allocation_memory: 500 },
  });
  return { runId, modelId, ownerId };
}
