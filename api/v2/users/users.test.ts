import { randomUUID } from 'node:crypto';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { testRun } from '../../../src/database/testing/testRun';
import { insertUpload, referToUploads, uploadById } from '../../../src/database/uploads/uploads';
import { password, testApi, type Person, type TestApi } from '../../testing/testApi';

const nobody = '00000000-0000-4000-8000-000000000000';

describe('/api/v2/user', () => {
  let api: TestApi;
  let admin: Person;
  beforeAll(async () => {
    api = await testApi();
    admin = await api.person('root', true);
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('signs up, signs in with HTTP Basic and shows who one is', async () => {
    const body = { username: 'ana', email: 'ana@example.org', password };
    const signup = await api.as().post('/api/v2/user/signup').send(body).expect(200);
    const login = await api.as().get('/api/v2/user/login').auth(body.email, password).expect(200);
    expect(login.body.user_id).toBe(signup.body.user_id);
    const info = await api.as({ token: login.body.access_token }).get('/api/v2/user/info');
    expect(info.body).toEqual({
      id: signup.body.user_id,
      username: 'ana',
      email: body.email,
      admin: false,
      teams: [],
    });
  });

  it('refuses a username or e-mail address that is taken with 409', async () => {
    const ion = await api.person();
    const signup = (username: string, email: string) =>
      api.as().post('/api/v2/user/signup').send({ username, email, password });
    const sameName = await signup(ion.username, 'other@example.org').expect(409);
    expect(sameName.text).toBe(`username ${ion.username} is already in use\n`);
    await signup('other', ion.email).expect(409);
  });

  it('refuses a username that looks like one that is taken', async () => {
    const signup = (username: string) =>
      api
        .as()
        .post('/api/v2/user/signup')
        .send({ username, email: `${randomUUID()}@example.org`, password });
    await signup('Mihai').expect(200);
    for (const username of ['mihai', 'Mihai ', 'Мihai', 'Ｍｉｈａｉ']) {
      const { text } = await signup(username).expect(409);
      expect(text).toMatch(/looks like one that is already in use|is already in use/);
    }
    const unseen = await signup('Mih\u202eai').expect(422);
    expect(unseen.text).toBe('username: must not contain invisible characters, U+202E is one\n');
  });

  it('takes an e-mail address in any case, of which there is one', async () => {
    const signup = (email: string) =>
      api
        .as()
        .post('/api/v2/user/signup')
        .send({ username: randomUUID().slice(0, 13), email, password });
    await signup('Case.Less@Example.ORG').expect(200);
    const again = await signup('case.less@example.org').expect(409);
    expect(again.text).toBe('email case.less@example.org is already in use\n');
    await api.as().get('/api/v2/user/login').auth('CASE.LESS@example.org', password).expect(200);
    const shapeless = await signup('case.less').expect(422);
    expect(shapeless.text).toContain('email: allowed is an address like name@example.org');
  });

  it('takes no password that is short or known', async () => {
    const account = { username: 'weak one', email: 'weak-one@example.org' };
    for (const path of ['/api/v2/user/signup', '/api/v2/user/create']) {
      const send = (body: object) => api.as(admin).post(path).send(body);
      const short = await send({ ...account, password: 'pass' }).expect(422);
      expect(short.text).toBe('password: must have 8 characters at least\n');
      await send({ ...account, password: 'Weak-One' }).expect(422);
    }
  });

  it('answers a wrong password with 401 and an unknown address with 404', async () => {
    const ion = await api.person();
    await api.as().get('/api/v2/user/login').auth(ion.email, 'wrong').expect(401);
    await api.as().get('/api/v2/user/login').auth('nobody@example.org', 'x').expect(404);
    const without = await api.as().get('/api/v2/user/login').expect(401);
    expect(without.headers['www-authenticate']).toContain('Basic');
  });

  it('says that there is no identity provider to sign in with', async () => {
    const reply = await api.as().post('/api/v2/user/login-with-token').send({ access_token: 'x' });
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('/user/login')]);
  });

  it('takes neither empty nor overlong names', async () => {
    const signup = (account: object) => api.as().post('/api/v2/user/signup').send(account);
    const empty = await signup({ username: '', email: 'a@b.c' }).expect(422);
    expect(empty.text).toBe('username: must not be empty\npassword is required\n');
    await signup({ username: 'x'.repeat(51), email: 'a@b.c', password }).expect(422);
    await signup({ username: 'nul\0', email: 'a@b.c', password }).expect(422);
  });

  it('shows administrators everyone, others their team mates and themselves', async () => {
    const [one, two] = [await api.person(), await api.person()];
    const team = await api.as(admin).post('/api/v2/team/create').send({ name: 'mates' });
    for (const { user_id } of [one, two]) {
      await api.as(admin).post(`/api/v2/team/${team.body.team_id}/users/${user_id}`).expect(200);
    }
    const seenBy = async (person: Person) =>
      (await api.as(person).get('/api/v2/user/list')).body.map((u: { id: string }) => u.id);
    expect((await seenBy(one)).sort()).toEqual([one.user_id, two.user_id].sort());
    expect(await seenBy(admin)).toEqual(expect.arrayContaining([admin.user_id, one.user_id]));
    const loner = await api.person();
    expect(await seenBy(loner)).toEqual([loner.user_id]);
  });

  it('lets only administrators add, delete, promote and verify', async () => {
    const ion = await api.person();
    const paths = ['admin', 'verify'].map((verb) => `/api/v2/user/${ion.user_id}/${verb}`);
    for (const path of [...paths, '/api/v2/user/create']) {
      await api.as(ion).post(path).send({}).expect(403);
    }
    await api.as(ion).delete(`/api/v2/user/${ion.user_id}`).expect(403);
    const account = { username: 'made', email: 'made@example.org', password };
    await api.as(admin).post('/api/v2/user/create').send(account).expect(200);
    await api.as(admin).post(paths[1]!).expect(200, {});
    await api.as(admin).post(`/api/v2/user/${nobody}/verify`).expect(404);
    await api.as(admin).post(`/api/v2/user/${nobody}/admin`).expect(404);
  });

  it('never demotes or deletes the last administrator', async () => {
    const second = await api.person();
    const path = `/api/v2/user/${second.user_id}/admin`;
    await api.as(admin).delete(path).expect(422);
    await api.as(admin).post(path).expect(200);
    await api.as(second).delete(path).expect(200);
    const last = await api.as(admin).delete(`/api/v2/user/${admin.user_id}/admin`).expect(422);
    expect(last.text).toContain('last administrator');
    await api.as(admin).delete(`/api/v2/user/${admin.user_id}`).expect(422);
  });

  it("passes a deleted user's models to the administrator, under a free name", async () => {
    const ion = await api.person();
    const kept = await api.model(ion, 'shared name');
    await api.model(admin, 'shared name');
    await api.as(admin).delete(`/api/v2/user/${ion.user_id}`).expect(200, {});
    const model = await api.as(admin).get(`/api/v2/model/${kept}`).expect(200);
    expect(model.body).toMatchObject({
      username: 'root',
      model_name: `shared name-${kept}`,
    });
    await api.as(ion).get('/api/v2/user/info').expect(404, 'user not found\n');
  });

  it('keeps the uploads that unfinished trainings of a deleted user read, and deletes the others', async () => {
    const ion = await api.person();
    const { database, store } = api.deps;
    const upload = async (): Promise<string> => {
      const id = randomUUID();
      const manifest = await store.put(`uploads/${id}/tree.json`, Buffer.from('{}'), 'text/plain');
      const tree = { manifest, files: 0, bytes: 0 };
      await insertUpload(database, { id, user_id: ion.user_id, tree });
      return id;
    };
    const readBy = async (id: string): Promise<string> => {
      const { runId } = await testRun(database, ion.user_id);
      await referToUploads(database, runId, [id]);
      return runId;
    };
    const [unread, read, readOnce] = [await upload(), await upload(), await upload()];
    await readBy(read);
    for (const id of [read, readOnce]) {
      await database.query('UPDATE run SET ended_at = now() WHERE id = $1', [await readBy(id)]);
    }

    await api.as(admin).delete(`/api/v2/user/${ion.user_id}`).expect(200, {});
    const left = await Promise.all(
      [unread, read, readOnce].map(async (id) => [
        (await uploadById(database, id))?.user_id,
        (await store.size(`uploads/${id}/tree.json`)) !== undefined,
      ]),
    );
    expect(left).toEqual([
      [undefined, false],
      [admin.user_id, true],
      [undefined, false],
    ]);
  });

  describe('/tokens', () => {
    const make = (person: Pick<Person, 'token'>, body: object) =>
      api.as(person).post('/api/v2/user/tokens').send(body);

    it('makes tokens that may do what their owner may, until they are deleted', async () => {
      const made = await make(admin, { name: 'ci', expires_in_days: 30 }).expect(200);
      const script = { token: made.body.token as string };
      expect(script.token).toMatch(/^trainyard_.{43}$/);
      await api.as(script).get('/api/v2/team/list').expect(200);
      const kept = await api.as(script).get('/api/v2/user/tokens').expect(200);
      expect(JSON.stringify(kept.body)).not.toContain(script.token);
      expect(kept.body).toEqual([expect.objectContaining({ name: 'ci' })]);
      await api.as(script).delete(`/api/v2/user/tokens/${made.body.token_id}`).expect(200);
      await api.as(script).get('/api/v2/team/list').expect(401, 'token is unauthorized\n');
    });

    it('keeps only a hash', async () => {
      const made = await make(admin, { name: 'hashed' });
      const rows: unknown = await api.deps.database.query('SELECT * FROM api_token');
      expect(JSON.stringify(rows)).not.toContain(String(made.body.token).slice(10));
    });

    it('refuses a token whose time is over', async () => {
      const made = await make(admin, { name: 'short', expires_in_days: 1 });
      await api.deps.database.query(
        `UPDATE api_token SET expires_at = now() - interval '1 second' WHERE id = $1`,
        [made.body.token_id],
      );
      await api.as(made.body).get('/api/v2/user/info').expect(401, 'token is expired\n');
    });

    it("does not delete another person's", async () => {
      const made = await make(admin, { name: 'mine' });
      const path = `/api/v2/user/tokens/${made.body.token_id}`;
      await api
        .as(await api.person())
        .delete(path)
        .expect(404);
    });
  });
});
