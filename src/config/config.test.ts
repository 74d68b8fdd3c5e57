import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SettingName } from './settings';
import { describeConfig, keptRandom, loadConfig, signingSecret, unknownVariables } from '.';

describe('loadConfig', () => {
  it('fills in defaults that need no other machine', () => {
    const config = loadConfig({});
    expect(config.api).toEqual({ host: '127.0.0.1', port: 8000, trustedProxies: [] });
    expect(config.serving.url).toBe('http://127.0.0.1:8001');
    expect(config.artifacts).toEqual({ kind: 'disk', folder: join(config.home, 'artifacts') });
    expect(config.temporal).toEqual({ namespace: 'default', retentionDays: 30 });
    expect(config.database.url).toBeUndefined();
  });

  it('opens no part to other machines with the setting of another', () => {
    const hosts = (env: Record<string, string>): string[] => {
      const { api, serving, worker } = loadConfig(env);
      return [api.host, serving.host, worker.host];
    };
    expect(hosts({ TRAINYARD_HOST: '0.0.0.0' })).toEqual(['0.0.0.0', '127.0.0.1', '127.0.0.1']);
    expect(hosts({ TRAINYARD_SERVING_HOST: '::' })).toEqual(['127.0.0.1', '::', '127.0.0.1']);
    expect(hosts({ TRAINYARD_WORKER_HOST: '::' })).toEqual(['127.0.0.1', '127.0.0.1', '::']);
  });

  it('treats an empty variable as unset', () => {
    expect(loadConfig({ TRAINYARD_PORT: '', DATABASE_URL: '', TEMPORAL_ADDRESS: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('reports every wrong variable at once, without the secret ones', () => {
    const load = () =>
      loadConfig({
        TRAINYARD_PORT: 'eighty',
        DATABASE_URL: 'mysql://me:hunter2@db',
        TRAINYARD_SECRET: 'short-secret',
        TRAINYARD_LOCAL_ROOTS: 'data',
        TRAINYARD_ADMIN_USERNAME: 'ada',
        ARTIFACT_URL: 's3:///prefix',
      });
    expect(load).toThrow('7 settings are wrong');
    expect(load).toThrow('TRAINYARD_PORT="eighty": allowed is a whole number from 0 to 65535');
    expect(load).toThrow(
      'DATABASE_URL (value not shown): allowed is postgres://… or postgresql://…',
    );
    expect(load).toThrow('TRAINYARD_ADMIN_EMAIL is not set');
    expect(load).toThrow('TRAINYARD_ADMIN_PASSWORD is not set');
    expect(load).not.toThrow(/hunter2|short-secret/);
  });

  it('takes addresses and networks for trusted proxies, and nothing else', () => {
    const proxies = (text: string) =>
      loadConfig({ TRAINYARD_TRUSTED_PROXIES: text }).api.trustedProxies;
    expect(proxies('10.0.0.0/8, fd00::1,loopback')).toEqual(['10.0.0.0/8', 'fd00::1', 'loopback']);
    for (const wrong of ['10.0.0.0/33', 'proxy.example', '1.2.3.4,', '*']) {
      expect(() => proxies(wrong)).toThrow('allowed are addresses and networks');
    }
  });

  it('reads an S3 location with its endpoint', () => {
    const config = loadConfig({
      ARTIFACT_URL: 's3://trainyard/a/b/',
      AWS_ENDPOINT_URL_S3: 'http://store:7070',
    });
    expect(config.artifacts).toEqual({
      kind: 's3',
      bucket: 'trainyard',
      prefix: 'a/b',
      endpoint: 'http://store:7070',
    });
  });

  it('reads the folders in S3 that trainings may read, and who may', () => {
    const { s3Sources } = loadConfig({
      TRAINYARD_S3_ROOTS:
        's3://shared  s3://people/re%20views?team=r%26d&user=ana&user=bo\ns3://one/a//b/',
      TRAINYARD_S3_PROFILE: 'reader',
    });
    expect(s3Sources).toEqual({
      roots: [
        { bucket: 'shared', prefix: '', users: [], teams: [] },
        { bucket: 'people', prefix: 're views/', users: ['ana', 'bo'], teams: ['r&d'] },
        { bucket: 'one', prefix: 'a//b/', users: [], teams: [] },
      ],
      profile: 'reader',
    });
    expect(loadConfig({}).s3Sources).toEqual({ roots: [] });
  });

  it.each([
    'shared',
    's3://Shared',
    's3://..',
    's3://a/../b',
    's3://data?users=ana',
    's3://data?user=',
  ])('refuses %s as a folder in S3', (root) => {
    expect(() => loadConfig({ TRAINYARD_S3_ROOTS: root })).toThrow(/allowed are folders in S3/);
  });

  it.each([
    ['s3://yard', 's3://yard/objects'],
    ['s3://yard/objects/data', 's3://yard/objects'],
    ['s3://yard/data', 's3://yard'],
  ])('lets nobody read the artifact store: %s beside %s', (roots, store) => {
    const env = { TRAINYARD_S3_ROOTS: roots, ARTIFACT_URL: store };
    expect(() => loadConfig(env)).toThrow('lie in each other');
  });

  it('reads beside the artifact store', () => {
    const env = { TRAINYARD_S3_ROOTS: 's3://yard/data', ARTIFACT_URL: 's3://yard/objects' };
    expect(loadConfig(env).s3Sources.roots).toHaveLength(1);
  });

  it('keeps as much disk free as the operator says, and leaves it open otherwise', () => {
    expect(loadConfig({ TRAINYARD_LEAST_FREE_MB: '2' }).leastFreeBytes).toBe(2 * 1024 * 1024);
    expect(loadConfig({ TRAINYARD_LEAST_FREE_MB: '0' }).leastFreeBytes).toBe(0);
    expect(loadConfig({})).not.toHaveProperty('leastFreeBytes');
  });

  it('downloads encoders from a hub or a mirror of it, unless it is offline', () => {
    expect(loadConfig({}).hub).toEqual({ url: 'https://huggingface.co', offline: false });
    const env = { TRAINYARD_HUB_URL: 'https://mirror.example/hub/', TRAINYARD_OFFLINE: 'true' };
    expect(loadConfig(env).hub).toEqual({ url: 'https://mirror.example/hub', offline: true });
    expect(() => loadConfig({ TRAINYARD_OFFLINE: 'yes' })).toThrow('allowed is true, false');
    expect(() => loadConfig({ TRAINYARD_HUB_URL: 'ftp://hub' })).toThrow('TRAINYARD_HUB_URL');
  });

  it('connects to a named Temporal with what envconfig reads', () => {
    const { temporal } = loadConfig({
      TEMPORAL_ADDRESS: 'cloud:7233',
      TEMPORAL_NAMESPACE: 'trains',
      TEMPORAL_API_KEY: 'key',
    });
    expect(temporal.namespace).toBe('trains');
    expect(temporal.connection).toMatchObject({ address: 'cloud:7233', apiKey: 'key', tls: true });
  });
});

describe('describeConfig', () => {
  it('shows no secret', () => {
    const shown = JSON.stringify(
      describeConfig(
        loadConfig({
          TRAINYARD_SECRET: 's'.repeat(40),
          TRAINYARD_ADMIN_USERNAME: 'ada',
          TRAINYARD_ADMIN_EMAIL: 'ada@example.org',
          TRAINYARD_ADMIN_PASSWORD: 'hunter2hunter2',
          DATABASE_URL: 'postgres://yard:dbpassword@db:5432/yard?sslpassword=sslsecret',
          TEMPORAL_ADDRESS: 'cloud:7233',
          TEMPORAL_API_KEY: 'temporalkey',
        }),
      ),
    );
    expect(shown).toContain('postgres://yard:***@db:5432/yard');
    expect(shown).toContain('ada@example.org');
    expect(shown).not.toMatch(/ssss|hunter2|dbpassword|sslsecret|temporalkey/);
  });
});

describe('every setting', () => {
  /** Of each variable a value that is not its default, and what it takes beside it to count. */
  const bucket = { ARTIFACT_URL: 's3://bucket/prefix' };
  const temporal = { TEMPORAL_ADDRESS: 'temporal:7233' };
  const admin = {
    TRAINYARD_ADMIN_USERNAME: 'ada',
    TRAINYARD_ADMIN_EMAIL: 'ada@example.org',
    TRAINYARD_ADMIN_PASSWORD: 'hunter2hunter2',
  };
  const samples: Record<SettingName, [value: string, beside?: Record<string, string>]> = {
    TRAINYARD_HOME: ['/srv/yard'],
    TRAINYARD_HOST: ['0.0.0.0'],
    TRAINYARD_PORT: ['81'],
    TRAINYARD_TRUSTED_PROXIES: ['10.0.0.0/8, ::1'],
    TRAINYARD_SERVING_HOST: ['0.0.0.0'],
    TRAINYARD_SERVING_PORT: ['82'],
    TRAINYARD_SERVING_URL: ['http://serving:83'],
    TRAINYARD_ANSWER_SECONDS: ['7'],
    TRAINYARD_WORKER_HOST: ['0.0.0.0'],
    TRAINYARD_WORKER_PORT: ['84'],
    TRAINYARD_LOG_LEVEL: ['debug'],
    TRAINYARD_SECRET: ['s'.repeat(40)],
    TRAINYARD_ADMIN_USERNAME: ['bob', admin],
    TRAINYARD_ADMIN_EMAIL: ['bob@example.org', admin],
    TRAINYARD_ADMIN_PASSWORD: ['another password', admin],
    TRAINYARD_PASSWORD_MIN: ['7'],
    TRAINYARD_SIGN_UPS_PER_HOUR: ['7'],
    TRAINYARD_SIGN_INS_PER_MINUTE: ['7'],
    TRAINYARD_SIGN_IN_FAILURES: ['7'],
    TRAINYARD_EVENT_STREAMS: ['7'],
    DATABASE_URL: ['postgres://db/yard'],
    TRAINYARD_DATABASE_POOL: ['3'],
    TEMPORAL_ADDRESS: ['other:7233'],
    TEMPORAL_NAMESPACE: ['trains', temporal],
    TRAINYARD_TEMPORAL_UI: ['false'],
    TRAINYARD_SILENCE_SECONDS: ['90'],
    ARTIFACT_URL: ['s3://other/prefix'],
    AWS_ENDPOINT_URL_S3: ['http://store:7070', bucket],
    TRAINYARD_LOCAL_ROOTS: ['/srv/data'],
    TRAINYARD_S3_ROOTS: ['s3://data/'],
    TRAINYARD_S3_PROFILE: ['reader'],
    TRAINYARD_EXAMPLES_NEED: ['owner'],
    TRAINYARD_CORES: ['77'],
    TRAINYARD_MEMORY_MB: ['777'],
    TRAINYARD_UPLOAD_MAX_MB: ['7'],
    TRAINYARD_UPLOAD_MAX_FILES: ['7'],
    TRAINYARD_UPLOAD_DAYS: ['7'],
    TRAINYARD_USER_UPLOADS: ['7'],
    TRAINYARD_USER_STORED_MB: ['7'],
    TRAINYARD_USER_TRAININGS: ['7'],
    TRAINYARD_LEAST_FREE_MB: ['7'],
    TRAINYARD_HEARTBEAT_SECONDS: ['7'],
    TRAINYARD_STICKY_SECONDS: ['7'],
    TRAINYARD_HANG_MINUTES: ['7'],
    TRAINYARD_OUTAGE_HOURS: ['3'],
    TRAINYARD_RETENTION_DAYS: ['7'],
    TRAINYARD_CACHE_DAYS: ['7'],
    TRAINYARD_CACHE_MAX_MB: ['7'],
    TRAINYARD_HUB_URL: ['https://mirror.example'],
    TRAINYARD_OFFLINE: ['true'],
  };
  /** Whose value says nothing that may be seen. */
  const unseen = new Set(['TRAINYARD_ADMIN_PASSWORD']);

  it.each(Object.entries(samples).filter(([name]) => !unseen.has(name)))(
    'shows in what the operator is told: %s',
    (name, [value, beside = {}]) => {
      const shown = (env: Record<string, string>) => describeConfig(loadConfig(env));
      expect(shown({ ...beside, [name]: value })).not.toEqual(shown(beside));
    },
  );
});

describe('unknownVariables', () => {
  it('names variables that nothing reads', () => {
    expect(unknownVariables({ TRAINYARD_PROT: '1', TRAINYARD_PORT: '1', PATH: '' })).toEqual([
      'TRAINYARD_PROT',
    ]);
  });
});

describe('signingSecret', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trainyard-secret-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it('is generated once into a file that only its owner may read', () => {
    const secret = signingSecret({ home });
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(signingSecret({ home })).toBe(secret);
    expect(readFileSync(join(home, 'secret'), 'utf8').trim()).toBe(secret);
    expect(statSync(join(home, 'secret')).mode & 0o777).toBe(0o600);
  });

  it('yields to the variable', () => {
    expect(signingSecret({ home, secret: 'x'.repeat(32) })).toBe('x'.repeat(32));
  });

  it('keeps differently named values apart', () => {
    expect(keptRandom(home, 'one')).not.toBe(keptRandom(home, 'two'));
  });
});
