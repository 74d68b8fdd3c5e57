import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { addMessage } from '../../../src/database/models/messages';
import { testApi, type Person, type TestApi } from '../../testing/testApi';

const nobody = '00000000-0000-4000-8000-000000000000';

describe('/api/v2/model', () => {
  let api: TestApi;
  let admin: Person;
  let owner: Person;
  beforeAll(async () => {
    api = await testApi();
    admin = await api.person('root', true);
    owner = await api.person('ana');
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const path = (model: string, rest = '') => `/api/v2/model/${model}${rest}`;
  const share = (model: string, body: object, who = owner) =>
    api.as(who).post(path(model, '/access')).send(body);

  it('shows a model with what its jobs said', async () => {
    const model = await api.model(owner, 'spam filter');
    const { database } = api.deps;
    await addMessage(database, model, 'train', 'warning', 'row 3 is empty', null);
    await addMessage(database, model, 'deploy', 'error', 'no memory', null);
    const { body } = await api.as(owner).get(path(model)).expect(200);
    expect(body).toEqual({
      model_id: model,
      model_name: 'spam filter',
      type: 'nlp-text',
      access: 'private',
      train_status: 'not_started',
      train_errors: [],
      train_warnings: ['row 3 is empty'],
      deploy_status: 'not_started',
      deploy_errors: ['no memory'],
      deploy_warnings: [],
      publish_date: expect.stringMatching(/^\d{4}-.*Z$/),
      user_email: owner.email,
      username: 'ana',
      team_id: null,
      attributes: {},
      dependencies: [],
    });
  });

  it('answers 404 for none, 400 for no id, and 403 with what is needed and what one has', async () => {
    await api.as(owner).get(path(nobody)).expect(404);
    await api.as(owner).get(path('7')).expect(400, "invalid uuid '7' provided\n");
    const model = await api.model(owner);
    const outsider = await api.person();
    const refused = await api.as(outsider).get(path(model)).expect(403);
    expect(refused.text).toMatch(/you need read permission on model .*, you have no permission/);
    await share(model, { access: 'public' }).expect(200, {});
    const deletion = await api.as(outsider).delete(path(model)).expect(403);
    expect(deletion.text).toMatch(
      /you need owner permission on model .*, you have read permission/,
    );
    await api.as(admin).get(path(nobody)).expect(404);
  });

  it('says what everyone may do, as access and default permission change', async () => {
    const { body: team } = await api.as(admin).post('/api/v2/team/create').send({ name: 'matrix' });
    const [lead, member, outsider] = [await api.person(), await api.person(), await api.person()];
    const teamPath = `/api/v2/team/${team.team_id}`;
    await api.as(admin).post(`${teamPath}/admins/${lead.user_id}`);
    for (const { user_id } of [member, owner]) {
      await api.as(admin).post(`${teamPath}/users/${user_id}`);
    }
    const model = await api.model(owner);
    const level = async (who: Person) => {
      const { body } = await api.as(who).get(path(model, '/permissions')).expect(200);
      expect(body.username).toBe(who.username);
      expect(Date.parse(body.exp)).toBeGreaterThan(Date.now());
      return [body.read, body.write, body.owner].filter(Boolean).length;
    };
    const all = () => Promise.all([admin, owner, lead, member, outsider].map(level));
    const expected = {
      private: { read: [3, 3, 0, 0, 0], write: [3, 3, 0, 0, 0] },
      protected: { read: [3, 3, 3, 1, 0], write: [3, 3, 3, 2, 0] },
      public: { read: [3, 3, 1, 1, 1], write: [3, 3, 2, 2, 2] },
    };
    for (const [access, levels] of Object.entries(expected)) {
      await share(model, { access, team_id: team.team_id }).expect(200);
      for (const [permission, counts] of Object.entries(levels)) {
        const body = { permission };
        await api.as(owner).post(path(model, '/default-permission')).send(body).expect(200, {});
        expect([access, permission, await all()]).toEqual([access, permission, counts]);
      }
    }
  });

  it('takes a team only with protected, and only one of your own', async () => {
    const { body } = await api.as(admin).post('/api/v2/team/create').send({ name: 'foreign' });
    const model = await api.model(owner);
    const missing = await share(model, { access: 'protected' }).expect(422);
    expect(missing.text).toContain('team_id is required');
    await share(model, { access: 'protected', team_id: nobody }).expect(404);
    const foreign = await share(model, { access: 'protected', team_id: body.team_id }).expect(404);
    expect(foreign.text).toBe('user is not a member of team\n');
    await share(model, { access: 'protected', team_id: 'x' }).expect(400);
    await share(model, { access: 'secret' }).expect(422);
    await share(model, { access: 'public', team_id: body.team_id }).expect(200);
    expect((await api.as(owner).get(path(model))).body.team_id).toBeNull();
    await api
      .as(owner)
      .post(path(model, '/default-permission'))
      .send({ permission: 'x' })
      .expect(422);
  });

  it('lists mine, public ones and those of my teams, newest first and each once', async () => {
    const [me, other] = [await api.person(), await api.person()];
    const { body } = await api.as(admin).post('/api/v2/team/create').send({ name: 'list' });
    for (const { user_id } of [me, other]) {
      await api.as(admin).post(`/api/v2/team/${body.team_id}/users/${user_id}`);
    }
    const shared = { access: 'protected', team_id: body.team_id };
    const [hidden, theirs, mine, ours] = [
      await api.model(other),
      await api.model(other),
      await api.model(me),
      await api.model(me),
    ];
    await share(theirs, shared, other);
    await share(ours, shared, me);
    await share(mine, { access: 'public' }, me);
    const list = async (who: Person, query = '') => {
      const reply = await api.as(who).get(`/api/v2/model/list${query}`).expect(200);
      const ids = reply.body.map((model: { model_id: string }) => model.model_id);
      return { ids: ids as string[], next: reply.headers['x-next-after'] };
    };
    const { ids, next } = await list(me);
    expect(ids.slice(0, 3)).toEqual([ours, mine, theirs]);
    expect(ids).not.toContain(hidden);
    expect(next).toBeUndefined();
    expect((await list(admin)).ids).toContain(hidden);
    const first = await list(me, '?limit=2');
    expect(first.ids).toEqual([ours, mine]);
    const second = await list(me, `?limit=1&after=${first.next!}`);
    expect(second.ids).toEqual([theirs]);
  });

  it('refuses pages that are none', async () => {
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'after=x', 'after=2026-99-99']) {
      await api.as(owner).get(`/api/v2/model/list?${query}`).expect(422);
    }
  });

  describe('DELETE', () => {
    const rowsOf = (model: string): Promise<unknown[]> =>
      api.deps.database.query('SELECT id FROM model WHERE id = $1', [model]);

    it('removes the rows and every object', async () => {
      const { store } = api.deps;
      const model = await api.model(owner);
      const other = await api.model(owner);
      for (const id of [model, other]) {
        await store.put(`models/${id}/model.onnx`, Buffer.from('x'), 'text/plain');
      }
      await api.as(owner).delete(path(model)).expect(200, {});
      expect(await rowsOf(model)).toEqual([]);
      expect(await store.size(`models/${model}/model.onnx`)).toBeUndefined();
      expect(await store.size(`models/${other}/model.onnx`)).toBe(1);
      await api.as(owner).delete(path(model)).expect(404);
    });

    it('refuses the base of a model that is still being trained', async () => {
      const [base, child] = [await api.model(owner), await api.model(owner)];
      const { database } = api.deps;
      await database.query('UPDATE model SET base_model_id = $1 WHERE id = $2', [base, child]);
      const refused = await api.as(owner).delete(path(base)).expect(422);
      expect(refused.text).toContain('it is used as a base by 1 unfinished model');
      await database.query(`UPDATE model SET train_status = 'complete' WHERE id = $1`, [child]);
      await api.as(owner).delete(path(base)).expect(200);
      expect(await rowsOf(child)).toHaveLength(1);
    });
  });
});
