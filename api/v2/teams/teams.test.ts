import { randomUUID } from 'node:crypto';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../testing/testApi';

const nobody = '00000000-0000-4000-8000-000000000000';

describe('/api/v2/team', () => {
  let api: TestApi;
  let admin: Person;
  beforeAll(async () => {
    api = await testApi();
    admin = await api.person('root', true);
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  /** A team with an administrator of its own and a member. */
  async function team(): Promise<{ path: string; id: string; lead: Person; member: Person }> {
    const name = `team ${randomUUID()}`;
    const { body } = await api.as(admin).post('/api/v2/team/create').send({ name }).expect(200);
    const path = `/api/v2/team/${body.team_id}`;
    const [lead, member] = [await api.person(), await api.person()];
    await api.as(admin).post(`${path}/admins/${lead.user_id}`).expect(200, {});
    await api.as(lead).post(`${path}/users/${member.user_id}`).expect(200, {});
    return { path, id: body.team_id, lead, member };
  }

  const share = (owner: Person, model: string, team_id: string) =>
    api.as(owner).post(`/api/v2/model/${model}/access`).send({ access: 'protected', team_id });
  const accessOf = async (model: string) => {
    const { body } = await api.as(admin).get(`/api/v2/model/${model}`);
    return { access: body.access, team_id: body.team_id };
  };

  it('is made by administrators, with a name of its own', async () => {
    const create = (body: object, who = admin) =>
      api.as(who).post('/api/v2/team/create').send(body);
    await create({ name: 'one' }).expect(200);
    await create({ name: 'one' }).expect(409, 'team one exists already\n');
    const alike = await create({ name: ' ONE' }).expect(409);
    expect(alike.text).toBe('team ONE looks like one that exists already: choose another name\n');
    await create({ name: 'оne' }).expect(409);
    await create({ name: 'o\u200bne' }).expect(422);
    await create({ name: '' }).expect(400);
    await create({}).expect(400);
    await create({ name: 'x'.repeat(101) }).expect(422);
    await create({ name: 'two' }, await api.person()).expect(403);
  });

  it('shows its members to those who look after it', async () => {
    const { path, lead, member } = await team();
    const { body } = await api.as(lead).get(`${path}/users`).expect(200);
    const shown = [lead, member].map(({ user_id, username, email }) => ({
      ...{ user_id, username, email },
      team_admin: user_id === lead.user_id,
    }));
    expect(body).toHaveLength(2);
    expect(body).toEqual(expect.arrayContaining(shown));
    await api.as(member).get(`${path}/users`).expect(403);
    await api
      .as(await api.person())
      .get(`${path}/models`)
      .expect(403);
  });

  it('takes a member twice without complaint', async () => {
    const { path, lead, member } = await team();
    await api.as(lead).post(`${path}/users/${lead.user_id}`).expect(200);
    await api.as(lead).post(`${path}/users/${member.user_id}`).expect(200);
    const { body } = await api.as(lead).get(`${path}/users`);
    expect(body).toContainEqual(expect.objectContaining({ ...idOf(lead), team_admin: true }));
  });

  it('keeps an administrator as a member when the office is taken', async () => {
    const { path, lead, member } = await team();
    await api.as(lead).delete(`${path}/admins/${member.user_id}`).expect(200);
    await api.as(lead).delete(`${path}/admins/${lead.user_id}`).expect(200);
    await api.as(lead).get(`${path}/users`).expect(403);
    const { body } = await api.as(admin).get(`${path}/users`);
    expect(body).toContainEqual(expect.objectContaining({ ...idOf(lead), team_admin: false }));
  });

  it("makes a removed member's models private, with no team left behind", async () => {
    const { path, id, lead, member } = await team();
    const [theirs, leads] = [await api.model(member), await api.model(lead)];
    await share(member, theirs, id).expect(200);
    await share(lead, leads, id).expect(200);
    await api.as(lead).delete(`${path}/users/${member.user_id}`).expect(200);
    expect(await accessOf(theirs)).toEqual({ access: 'private', team_id: null });
    expect(await accessOf(leads)).toEqual({ access: 'protected', team_id: id });
    const again = await api.as(lead).delete(`${path}/users/${member.user_id}`).expect(404);
    expect(again.text).toBe('user is not a member of team\n');
  });

  it('makes its models private when it is deleted', async () => {
    const { path, id, lead } = await team();
    const model = await api.model(lead);
    await share(lead, model, id).expect(200);
    const shown = await api.as(lead).get(`${path}/models`).expect(200);
    expect(shown.body).toEqual([expect.objectContaining({ model_id: model })]);
    await api.as(lead).delete(path).expect(403);
    await api.as(admin).delete(path).expect(200);
    expect(await accessOf(model)).toEqual({ access: 'private', team_id: null });
    await api.as(admin).delete(path).expect(404);
  });

  it('is listed for its members, and all are for administrators', async () => {
    const { id, member } = await team();
    const list = async (who: Person) =>
      (await api.as(who).get('/api/v2/team/list').expect(200)).body.map(
        (t: { id: string }) => t.id,
      );
    expect(await list(member)).toEqual([id]);
    expect(await list(await api.person())).toEqual([]);
    expect(await list(admin)).toContain(id);
  });

  it('answers 404 about teams and users that are not there', async () => {
    const { path, lead } = await team();
    await api.as(lead).post(`${path}/users/${nobody}`).expect(404);
    await api.as(lead).post(`${path}/admins/${nobody}`).expect(404);
    await api.as(lead).get(`/api/v2/team/${nobody}/users`).expect(404);
    await api.as(lead).get('/api/v2/team/x/users').expect(400, "invalid uuid 'x' provided\n");
  });
});

function idOf({ user_id }: Person): { user_id: string } {
  return { user_id };
}
