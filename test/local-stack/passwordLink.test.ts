import { ApiClient } from '../support/apiClient';
import { administrator, Parts } from '../support/parts';

jest.setTimeout(120_000);

describe('trainyard password-link', () => {
  let parts: Parts;
  beforeAll(async () => void (parts = await Parts.start({ parts: ['api'] })), 240_000);
  afterAll(() => parts.stop());

  const next = 'another horse battery';

  it('lets an administrator who has forgotten the password choose another', async () => {
    const printed = await parts.command('password-link', administrator.email.toUpperCase());
    const link = /^(\S+) sets a new password for admin@example\.org, once/m.exec(printed)?.[1];
    const { origin, pathname, searchParams } = new URL(link!);
    expect(origin).toBe(parts.url('api'));
    const page = await fetch(link!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form')]);
    const body = new URLSearchParams({ token: searchParams.get('token')!, password: next });
    expect((await fetch(`${origin}${pathname}`, { method: 'POST', body })).status).toBe(200);
    const client = await new ApiClient(parts.url('api')).login(administrator.email, next);
    expect(await client.get('/api/v2/user/info')).toMatchObject({ admin: true });
  });

  it('says that nobody has an address', async () => {
    const printing = parts.command('password-link', 'nobody@example.org');
    await expect(printing).rejects.toThrow('no user has the e-mail nobody@example.org');
  });
});
