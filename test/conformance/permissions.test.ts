import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { ask, nobodysId, person } from './wire';

jest.setTimeout(180_000);

const who = ['admin', 'owner', 'teamAdmin', 'member', 'outsider'] as const;

let parts: Parts;
let clients: Record<(typeof who)[number], ApiClient>;
let ann: ApiClient;
let teamId: string;
/** Its training waits for a worker, which permissions do not need. */
let model: string;

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api'] });
  const admin = await parts.client();
  const [owner, dee, eve, fay] = await Promise.all(
    ['ann', 'dee', 'eve', 'fay'].map((name) => person(parts, name)),
  );
  const team = await admin.post<{ team_id: string }>('/api/v2/team/create', { name: 't' });
  teamId = team.team_id;
  await admin.post(`/api/v2/team/${teamId}/admins/${dee!.userId}`, {});
  for (const { userId } of [owner!, eve!]) {
    await admin.post(`/api/v2/team/${teamId}/users/${userId}`, {});
  }
  clients = { admin, owner: owner!, teamAdmin: dee!, member: eve!, outsider: fay! };
  ann = owner!;
  const content = textsCsv({ rows: 30, classes: 2, seed: 5 });
  model = await ann.trainText('shared', await ann.upload([{ name: 'train.csv', content }]));
});
afterAll(() => parts.stop());

const call = (client: ApiClient, method: string, path: string, body?: unknown) =>
  ask(parts.url('api'), method, path, { token: client.token, body });

async function permissionOf(client: ApiClient): Promise<string> {
  const found = await client.get<Record<string, unknown>>(`/api/v2/model/${model}/permissions`);
  return ['owner', 'write', 'read'].find((need) => found[need] === true) ?? 'none';
}

/** Each one's best permission, in the order of `who`: owner, write, read or none. */
const matrix: [string, string, string][] = [
  ['private', 'write', 'owner owner none none none'],
  ['protected', 'read', 'owner owner owner read none'],
  ['protected', 'write', 'owner owner owner write none'],
  ['public', 'read', 'owner owner read read read'],
  ['public', 'write', 'owner owner write write write'],
];
it.each(matrix)('on a %s model whose default is %s', async (access, permission, expected) => {
  await ann.post(`/api/v2/model/${model}/access`, { access, team_id: teamId });
  await ann.post(`/api/v2/model/${model}/default-permission`, { permission });
  const found = await Promise.all(who.map((role) => permissionOf(clients[role])));
  expect(found.join(' ')).toBe(expected);
  for (const [index, role] of who.entries()) {
    const client = clients[role];
    const readable = found[index] !== 'none';
    const observed = await call(client, 'GET', `/api/v2/train/${model}/status`);
    expect([role, observed.status]).toEqual([role, readable ? 200 : 403]);
    const list = await client.get<{ model_id: string }[]>('/api/v2/model/list');
    expect([role, list.some(({ model_id }) => model_id === model)]).toEqual([role, readable]);
    if (found[index] !== 'owner') {
      const refused = await call(client, 'DELETE', `/api/v2/model/${model}`);
      expect(refused.status).toBe(403);
      expect(refused.text).toMatch(/owner.*(no|read|write) permission/);
    }
  }
});

it('a protected model needs a team that is there and one is in', async () => {
  const share = async (body: object) =>
    (await call(ann, 'POST', `/api/v2/model/${model}/access`, body)).status;
  expect(await share({ access: 'protected' })).toBe(422);
  expect(await share({ access: 'protected', team_id: nobodysId })).toBe(404);
  expect(await share({ access: 'secret' })).toBe(422);
});
