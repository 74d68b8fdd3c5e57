import { randomUUID } from 'node:crypto';
import { s3RootsOf } from '../../../../src/data/sources/s3Access';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';
import { planSources, type Places } from './sources';

const s3Root = (bucket: string, prefix: string, users: string[] = [], teams: string[] = []) => ({
  bucket,
  prefix,
  users,
  teams,
});

function problemsOf(path: string, location: string, places: Partial<Places> = {}): string[] {
  const errors: string[] = [];
  const all = { localRoots: [], s3Roots: [], ...places };
  planSources([{ path, location }], 'train', all, { errors, warnings: [] });
  return errors;
}

describe('a location', () => {
  it.each(['nfs', 'gcp', 'azure', 'Upload', ''])('that is not one is refused: %j', (location) =>
    expect(problemsOf('x', location)).toEqual([
      `data.supervised_files[0]: invalid file location "${location}", allowed are upload`,
    ]),
  );

  it.each([
    ['local', 'TRAINYARD_LOCAL_ROOTS'],
    ['s3', 'TRAINYARD_S3_ROOTS'],
  ])('that the operator offers nothing of is refused: %s', (location, setting) => {
    const [problem] = problemsOf('s3://data/x', location);
    expect(problem).toMatch(/^.*\[0\]: invalid file location "(local|s3)", allowed are upload; /);
    expect(problem).toContain(setting);
  });
});

describe('a path in S3', () => {
  const places = { s3Roots: [s3Root('data', 'mails/'), s3Root('open', '')] };

  it.each(['s3://data/mails/', 's3://data/mails/a b/c.csv', 's3://open', 's3://open/x'])(
    'below an allowed folder is taken: %s',
    (path) => expect(problemsOf(path, 's3', places)).toEqual([]),
  );

  it.each(['s3://data/', 's3://data/mails', 's3://data/mails-2/x', 's3://corp-hr/x'])(
    'anywhere else is refused with the request: %s',
    (path) =>
      expect(problemsOf(path, 's3', places)).toEqual([
        `data.supervised_files[0]: S3 path "${path}" is not below a folder that this server lets you read: allowed are s3://data/mails/, s3://open/ (TRAINYARD_S3_ROOTS)`,
      ]),
  );

  it.each([
    's3://../x',
    's3://a b/x',
    's3://data/mails/../../hr/x',
    's3://data/mails/./x',
    's3://Data/mails/x',
    's3://10.0.0.1/x',
    's3://open/a\u0000b',
    's3:///x',
    'https://open/x',
    'open/x',
  ])('that cannot be is refused with what is allowed: %j', (path) => {
    const [problem] = problemsOf(path, 's3', places);
    expect(problem).toContain('cannot be: allowed is s3://bucket/prefix');
  });
});

describe('folders in S3', () => {
  let api: TestApi;
  let ana: Person;
  let bob: Person;
  beforeAll(async () => {
    api = await testApi();
    [ana, bob] = [await api.person('ana'), await api.person('bob')];
    const admin = await api.person('root', true);
    const made = await api.as(admin).post('/api/v2/team/create').send({ name: 'r&d' }).expect(200);
    const { team_id } = made.body as { team_id: string };
    await api.as(admin).post(`/api/v2/team/${team_id}/users/${bob.user_id}`).expect(200);
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('are those of everybody, of a user by name or id, and of the teams of a user', async () => {
    const roots = [
      s3Root('open', ''),
      s3Root('anas', '', ['ana']),
      s3Root('by-id', '', [ana.user_id]),
      s3Root('team', '', [], ['r&d']),
      s3Root('both', '', ['ana'], ['r&d']),
    ];
    const buckets = async ({ user_id }: Pick<Person, 'user_id'>) =>
      (await s3RootsOf(api.deps.database, roots, user_id)).map(({ bucket }) => bucket);
    expect(await buckets(ana)).toEqual(['open', 'anas', 'by-id', 'both']);
    expect(await buckets(bob)).toEqual(['open', 'team', 'both']);
    expect(await buckets({ user_id: randomUUID() })).toEqual([]);
  });

  it('that are not theirs are refused with the request', async () => {
    api.deps.config.s3Sources.roots = [s3Root('anas', '', ['ana'])];
    const body = {
      model_name: 'spy',
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 2 },
      data: { supervised_files: [{ path: 's3://anas/hr.csv', location: 's3' }] },
    };
    const reply = await api.as(bob).post('/api/v2/train/nlp-text').send(body).expect(422);
    expect(reply.text).toContain('invalid file location "s3", allowed are upload');
    await api.as(ana).post('/api/v2/train/nlp-text').send(body).expect(200);
  });
});

describe('a local path', () => {
  const places = { localRoots: ['/srv/data'] };

  it.each(['/srv/data', '/srv/data/mails/a.csv', '/srv/data/../data/a.csv'])(
    'below an allowed folder is taken, whether it exists or not: %s',
    (path) => expect(problemsOf(path, 'local', places)).toEqual([]),
  );

  it.each(['/etc/passwd', '/srv/data/../secret', '/srv/database', 'data/a.csv', '../a.csv'])(
    'anywhere else is refused with the request: %s',
    (path) =>
      expect(problemsOf(path, 'local', places)).toEqual([
        `data.supervised_files[0]: local path "${path}" is not under a folder that this server allows (TRAINYARD_LOCAL_ROOTS)`,
      ]),
  );
});
