import { randomUUID } from 'node:crypto';
import { firstRow } from '../../../src/database/database';
import {
  findDeployments,
  moveDeployment,
  type DeploymentRow,
} from '../../../src/database/models/deployments';
import { modelAccess } from '../../../src/database/models/models';
import {
  clearLoadFailure,
  markServingProcess,
  recordLoadFailure,
  removeServingProcess,
} from '../../../src/database/models/servingHealth';
import { reportStatus } from '../../../src/database/models/status';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { userById } from '../../../src/database/accounts/users';
import { finishAbandonedSaves, saveModel } from '../../../src/serving/saveModel';
import { addTrainedModel, tinyModel } from '../../../src/serving/testing/testModel';
import { eventually } from '../../../src/serving/testing/testServing';
import { testApi, type Person, type TestApi } from '../../testing/testApi';
import { deployRoutes } from './routes';

let api: TestApi;
let ann: Person;
let ben: Person;
beforeAll(async () => {
  api = await testApi(deployRoutes);
  [ann, ben] = [await api.person('ann'), await api.person('ben')];
}, testDatabasePatienceMs);
afterAll(() => api.stop());

async function trained(owner = ann): Promise<string> {
  const id = await api.model(owner);
  await api.deps.database.query(
    `UPDATE model SET train_status = 'complete', bundle = '{"path": "model"}' WHERE id = $1`,
    [id],
  );
  return id;
}

const path = (rest: string): string => `/api/v2/deploy/${rest}`;

function deploy(modelId: string, body: object = {}, person = ann) {
  return api.as(person).post(path(modelId)).send(body);
}

async function nameOf(modelId: string): Promise<string | null | undefined> {
  const row = await firstRow<{ name: string | null }>(
    api.deps.database.manager,
    'SELECT name FROM deployment WHERE model_id = $1',
    [modelId],
  );
  return row?.name;
}

async function deploymentOf(modelId: string): Promise<DeploymentRow> {
  const ids = [modelId];
  return (await findDeployments(api.deps.database.manager, { ids, names: [] }))[0]!;
}

function moves(deployment: DeploymentRow, to: 'complete' | 'failed'): Promise<boolean> {
  return api.deps.database.transaction((tx) => moveDeployment(tx, deployment, to, 'serving'));
}

async function comesUp(modelId: string): Promise<void> {
  await moves(await deploymentOf(modelId), 'complete');
}

function status(modelId: string, person = ann) {
  return api.as(person).get(path(`${modelId}/status`));
}

describe('POST /deploy/{id}', () => {
  it('replies {} before the model is up and is harmless when repeated', async () => {
    const id = await trained();
    await deploy(id).expect(200, {});
    await status(id).expect(200, { status: 'starting', errors: [], warnings: [] });
    await deploy(id, { autoscaling_enabled: false, autoscaling_min: 0, memory: null }).expect(200);
    await status(id).expect(200, { status: 'starting', errors: [], warnings: [] });
  });

  it('is not failed by a process that was still busy with the deployment before', async () => {
    const id = await trained();
    await deploy(id).expect(200);
    const before = await deploymentOf(id);
    await api.as(ann).delete(path(id)).expect(200);
    await deploy(id).expect(200);
    expect(await moves(before, 'failed')).toBe(false);
    await status(id).expect(200, { status: 'starting', errors: [], warnings: [] });
    expect(await moves(await deploymentOf(id), 'complete')).toBe(true);
  });

  it('is warned of by the serving processes that cannot load it, as long as they cannot', async () => {
    const id = await trained();
    await deploy(id).expect(200);
    const { manager } = api.deps.database;
    const [mine, other] = [randomUUID(), randomUUID()];
    await markServingProcess(manager, other);
    const deployment = await deploymentOf(id);
    const failure = { waits: true, reason: 'waiting for disk space: it is full [disk_full]' };
    await api.deps.database.transaction((tx) => recordLoadFailure(tx, deployment, mine, failure));
    const warning = (text: string) => [expect.stringMatching(text)] as unknown[];
    const warned = async (): Promise<unknown> => (await status(id)).body as unknown;
    expect(await warned()).toEqual({
      status: 'starting',
      errors: [],
      warnings: warning(
        '^1 of 2 serving processes could not load this model yet: waiting for disk',
      ),
    });
    await comesUp(id);
    expect(await warned()).toMatchObject({
      status: 'complete',
      warnings: warning('^1 of 2 serving processes cannot load this model and answer 503'),
    });
    const logs = await api.as(ann).get(path(`${id}/logs`));
    expect(logs.body).toEqual([
      { stdout: expect.stringContaining('warning: waiting for disk space'), stderr: '' },
    ]);
    await clearLoadFailure(manager, id, mine);
    expect(await warned()).toEqual({ status: 'complete', errors: [], warnings: [] });
    for (const process of [mine, other]) await removeServingProcess(manager, process);
  });

  it('does not fail any more once it is up, whatever one process says', async () => {
    const id = await trained();
    await deploy(id).expect(200);
    await comesUp(id);
    expect(await moves(await deploymentOf(id), 'failed')).toBe(false);
    const process = randomUUID();
    const failure = { waits: false, reason: 'the model could not be loaded' };
    const deployment = await deploymentOf(id);
    await api.deps.database.transaction((tx) =>
      recordLoadFailure(tx, deployment, process, failure),
    );
    expect((await status(id)).body).toMatchObject({ status: 'complete', errors: [] });
    await removeServingProcess(api.deps.database.manager, process);
  });

  it('refuses a model whose training is not complete', async () => {
    const response = await deploy(await api.model(ann)).expect(422);
    expect(response.text).toContain('its training must be complete, it is not_started');
  });

  it('is for owners: 403 for others, 404 for a model that is not there', async () => {
    await deploy(await trained(), {}, ben).expect(403);
    await deploy(randomUUID()).expect(404);
    await deploy('not-an-id').expect(400);
  });

  it.each(['api', 'Health', 'openapi.json', randomUUID(), 'a/b', '.hidden', 'ü', 'x'.repeat(101)])(
    'refuses the name %j and says why',
    async (deployment_name) => {
      const response = await deploy(await trained(), { deployment_name }).expect(422);
      expect(response.text).toContain('deployment_name');
    },
  );

  it('takes an empty name for none', async () => {
    const id = await trained();
    await deploy(id, { deployment_name: '' }).expect(200);
    expect(await nameOf(id)).toBeNull();
  });

  it('moves a name to the new model at once, and leaves the old one deployed', async () => {
    const [old, next] = [await trained(), await trained()];
    await deploy(old, { deployment_name: 'mine' }).expect(200);
    await comesUp(old);
    await deploy(next, { deployment_name: 'mine' }).expect(200);
    expect([await nameOf(old), await nameOf(next)]).toEqual([null, 'mine']);
    await status(old).expect(200, { status: 'complete', errors: [], warnings: [] });
  });

  it("does not move a name away from another person's model", async () => {
    const [hers, his] = [await trained(), await trained(ben)];
    await deploy(hers, { deployment_name: 'hers' }).expect(200);
    const refused = await deploy(his, { deployment_name: 'hers' }, ben).expect(403);
    expect(refused.text).toBe(
      'deployment_name "hers" is in use by a model that you do not own: choose another\n',
    );
    expect(await nameOf(hers)).toBe('hers');
  });

  it('gives a name to exactly one of many who ask at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => trained()));
    const replies = await Promise.all(ids.map((id) => deploy(id, { deployment_name: 'wanted' })));
    for (const { status: code } of replies) expect([200, 409]).toContain(code);
    const names = await Promise.all(ids.map(nameOf));
    expect(names.filter((name) => name === 'wanted')).toHaveLength(1);
  });

  it('keeps the name when a deployed model is deployed again without one', async () => {
    const id = await trained();
    await deploy(id, { deployment_name: 'kept' }).expect(200);
    await deploy(id).expect(200);
    expect(await nameOf(id)).toBe('kept');
  });
});

describe('DELETE /deploy/{id}', () => {
  it('stops the deployment, frees its name and is harmless when repeated', async () => {
    const [id, other] = [await trained(), await trained(ben)];
    await deploy(id, { deployment_name: 'free' }).expect(200);
    await api.as(ben).delete(path(id)).expect(403);
    await api.as(ann).delete(path(id)).expect(200, {});
    await api.as(ann).delete(path(id)).expect(200, {});
    await status(id).expect(200, { status: 'stopped', errors: [], warnings: [] });
    await deploy(other, { deployment_name: 'free' }, ben).expect(200);
    await deploy(id).expect(200);
    await status(id).expect(200, { status: 'starting', errors: [], warnings: [] });
  });
});

describe('GET /deploy/{id}/logs', () => {
  it('shows what happened, and nothing before anything did', async () => {
    const id = await trained();
    await api
      .as(ann)
      .get(path(`${id}/logs`))
      .expect(200, []);
    await deploy(id).expect(200);
    const logs = await api.as(ann).get(path(`${id}/logs`));
    expect(logs.body).toEqual([
      { stdout: expect.stringContaining('not_started -> starting'), stderr: '' },
    ]);
    await api
      .as(ben)
      .get(path(`${id}/logs`))
      .expect(403);
  });
});

describe('jobs', () => {
  it('report status and messages with a job token, and read them', async () => {
    const id = await trained();
    const job = { token: api.deps.tokens.signJob({ model_id: id }) };
    await api.as(job).post(path('update-status')).send({ status: 'complete' }).expect(200, {});
    await api.as(job).post(path('log')).send({ level: 'warning', message: 'slow' }).expect(200, {});
    await api.as(job).get(path('log')).send({ level: 'error', message: 'slower' }).expect(200, {});
    const expected = { status: 'complete', errors: ['slower'], warnings: ['slow'] };
    await api.as(job).get(path('status-internal')).expect(200, expected);
    await api
      .as(job)
      .get(path(`${id}/status-internal`))
      .expect(200, expected);
    await status(id).expect(200, expected);
    await api.as(job).post(path('update-status')).send({ status: 'done' }).expect(422);
    await api.as(job).post(path('log')).send({ level: 'info', message: 'x' }).expect(422);
  });

  it('are held to their own model and to job tokens', async () => {
    const job = { token: api.deps.tokens.signJob({ model_id: await trained() }) };
    await api
      .as(job)
      .get(path(`${await trained()}/status-internal`))
      .expect(403);
    await api.as(ann).get(path('status-internal')).expect(401);
  });
});

describe('POST /deploy/{id}/save', () => {
  const save = (modelId: string, model_name: string, person = ann) =>
    api
      .as(person)
      .post(path(`${modelId}/save`))
      .send({ model_name });

  async function withFiles(): Promise<string> {
    const { database, store } = api.deps;
    return addTrainedModel(database, store, ann.user_id, tinyModel('hello', 'greeting'));
  }

  async function rowOf(modelId: string) {
    const sql = `SELECT name, owner_id, access, base_model_id, train_status, bundle
      FROM model WHERE id = $1`;
    return (await firstRow<Record<string, string>>(api.deps.database.manager, sql, [modelId]))!;
  }

  it('makes a complete model of the caller that outlives the old one', async () => {
    const id = await withFiles();
    await api.deps.database.query(`UPDATE model SET access = 'public' WHERE id = $1`, [id]);
    const { model_id } = (await save(id, 'my copy', ben).expect(200)).body;
    await eventually('it is complete', async () => {
      return (await rowOf(model_id))['train_status'] === 'complete';
    });
    expect(await rowOf(model_id)).toMatchObject({
      name: 'my copy',
      owner_id: ben.user_id,
      access: 'private',
      base_model_id: id,
    });
    await api.deps.store.deletePrefix(`runs/${id}/`);
    const copied: string[] = [];
    for await (const key of api.deps.store.list(`models/${model_id}/`)) copied.push(key);
    expect(copied).toContain(`models/${model_id}/tree.json`);
    await deploy(model_id, {}, ben).expect(200);
  });

  it('replies with a job token of the new model', async () => {
    const { model_id, update_token } = (await save(await withFiles(), 'with token')).body;
    expect(api.deps.tokens.verifyJob(update_token)).toEqual({ model_id });
  });

  it('is completed later when the API dies before it has done so', async () => {
    const { database, store } = api.deps;
    const model = (await modelAccess(database.manager, await withFiles(), ann.user_id))!;
    const user = (await userById(database.manager, ann.user_id))!;
    const id = await saveModel(database, store, { user, model, name: 'left behind' });
    const status = async () => (await rowOf(id))['train_status'];
    await finishAbandonedSaves(database, 60);
    expect(await status()).toBe('in_progress');
    await finishAbandonedSaves(database, 0);
    expect(await status()).toBe('complete');
    // What an owner's job says of it afterwards is not overruled.
    await database.transaction((tx) => reportStatus(tx, id, 'train', 'in_progress'));
    await finishAbandonedSaves(database, 0);
    expect(await status()).toBe('in_progress');
  });

  it('refuses a name that the caller has already, and leaves no files behind', async () => {
    const id = await withFiles();
    const replies = await Promise.all([save(id, 'twice'), save(id, 'twice')]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
    await save(id, 'twice').expect(409);
    await save(id, '').expect(422);
    const { model_id } = replies.find((reply) => reply.status === 200)!.body;
    const others = await api.deps.database.query('SELECT id FROM model');
    const known = new Set(others.map((row: { id: string }) => row.id));
    for await (const key of api.deps.store.list('models/')) {
      expect(known).toContain(key.split('/')[1]);
    }
    expect(known).toContain(model_id);
  });

  it('refuses a model that is not trained, and people who may not read it', async () => {
    await save(await api.model(ann), 'untrained').expect(422);
    await save(await withFiles(), 'stolen', ben).expect(403);
  });
});
