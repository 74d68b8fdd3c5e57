import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { putSetting } from '../../src/database/settings';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../testing/testApi';
import { access } from './access';
import { route } from './route';

/** How often the work was begun, and whether it fails next time. */
const work = { begun: 0, failing: false };

const routes = [
  route({
    method: 'post',
    path: '/thing',
    summary: 'Makes a thing',
    policy: access.user,
    idempotent: true,
    body: z.object({ name: z.string() }),
    response: z.object({ thing_id: z.uuid() }),
    handler: ({ body, transaction }) =>
      transaction(async (tx) => {
        work.begun++;
        const thing_id = randomUUID();
        await putSetting(tx, thing_id, body.name);
        if (work.failing) throw new Error('crashed before the end');
        return { thing_id };
      }),
  }),
];

describe('Idempotency-Key', () => {
  let api: TestApi;
  let person: Person;
  beforeAll(async () => {
    api = await testApi(routes);
    person = await api.person();
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());
  beforeEach(() => Object.assign(work, { begun: 0, failing: false }));

  const post = (key: string | undefined, name: string, who = person) => {
    const request = api.as(who).post('/api/v2/thing');
    return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ name });
  };

  it('gives the same reply to the same request, and does the work once', async () => {
    const [first, second] = [await post('same', 'a'), await post('same', 'a')];
    expect(first.body.thing_id).toBeTruthy();
    expect(second.body).toEqual(first.body);
    expect(work.begun).toBe(1);
  });

  it('refuses another request with the same key', async () => {
    await post('other', 'a').expect(200);
    const refused = await post('other', 'b').expect(422);
    expect(refused.text).toContain('was used with another request');
  });

  it('lets requests that come at once wait for the first', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => post('at once', 'a')));
    expect(new Set(replies.map(({ body }) => body.thing_id)).size).toBe(1);
    expect(work.begun).toBe(1);
  });

  it('holds no key after work that failed or crashed', async () => {
    work.failing = true;
    await post('again', 'a').expect(500);
    work.failing = false;
    await post('again', 'b').expect(200);
  });

  it("is each user's own", async () => {
    const [mine, theirs] = [await post('own', 'a'), await post('own', 'a', await api.person())];
    expect(theirs.body).not.toEqual(mine.body);
  });

  it('is not needed', async () => {
    const [first, second] = [await post(undefined, 'a'), await post(undefined, 'a')];
    expect(second.body).not.toEqual(first.body);
  });

  it('may be 255 characters long', async () => {
    await post('k'.repeat(255), 'a').expect(200);
    await post('k'.repeat(256), 'a').expect(400);
  });
});
