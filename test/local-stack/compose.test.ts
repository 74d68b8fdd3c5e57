import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, settings } from '../../src/config';
import { run } from '../../src/local-stack/run';
import { serverSettings } from '../../src/local-stack/temporal/temporal';
import { program } from '../support/shared';

/** What this test reads of a service. */
interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

jest.setTimeout(60_000);

const root = resolve(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

/** What the operator writes into `.env`. */
const given: Record<string, string> = {
  TRAINYARD_SECRET: 's'.repeat(32),
  POSTGRES_PASSWORD: 'pgpassword',
  S3_SECRET_KEY: 'objectsecret',
};

/** Fills in `${NAME}`, `${NAME:?reason}` and `${NAME:-default}` as compose does. */
function environmentOf(name: string): Record<string, string> {
  const fill = (value: string): string =>
    value.replace(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_, variable: string, kind, rest: string) => {
      const value = given[variable] ?? (kind === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`${variable} has neither a value nor a default`);
      return value;
    });
  const entries = Object.entries(services[name]!.environment ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, fill(String(value))]));
}

const ours = Object.keys(services).filter((name) => services[name]!.build === '.');

describe('docker-compose.yml', () => {
  it('runs every part of the platform with a command that exists', async () => {
    expect(ours.map((name) => services[name]!.command!.join(' ')).sort()).toEqual([
      'api',
      'migrate',
      'serve',
      'setup',
      'worker',
    ]);
    for (const name of ours) {
      const words = [program, services[name]!.command![0]!, '--help'];
      expect((await run(process.execPath, words, { patienceMs: 30_000 })).code).toBe(0);
    }
  });

  it('gives our parts only variables that they read', () => {
    for (const name of ours) {
      const read = (variable: string): boolean => variable in settings || /^AWS_/.test(variable);
      expect(Object.keys(environmentOf(name)).filter((variable) => !read(variable))).toEqual([]);
    }
  });

  it('leads every part to the services beside it', () => {
    for (const name of ours) {
      const config = loadConfig(environmentOf(name));
      expect(new URL(config.database.url!).host).toBe('postgres:5432');
      expect(config.temporal.connection?.address).toBe('temporal:7233');
      expect(config.artifacts).toMatchObject({ kind: 's3', endpoint: 'http://objects:7070' });
      for (const part of [config.api, config.serving, config.worker]) {
        expect(part.host).toBe('0.0.0.0');
      }
      expect(config.secret).toBe(given['TRAINYARD_SECRET']);
    }
  });

  it('uses the ports that the parts listen on', () => {
    const config = (name: string) => loadConfig(environmentOf(name));
    expect(config('api').serving.url).toBe(`http://serve:${config('serve').serving.port}`);
    const health = {
      api: config('api').api.port,
      serve: config('serve').serving.port,
      worker: config('worker').worker.port,
    };
    for (const [name, port] of Object.entries(health)) {
      expect(services[name]!.healthcheck!.test.at(-1)).toBe(`http://127.0.0.1:${port}/ready`);
    }
    expect(services['api']!.ports).toEqual([`127.0.0.1:${health.api}:${health.api}`]);
  });

  it('gives the database and the object store the credentials that our parts come with', () => {
    const config = loadConfig(environmentOf('api'));
    const database = new URL(config.database.url!);
    expect(environmentOf('postgres')).toEqual({
      POSTGRES_USER: database.username,
      POSTGRES_PASSWORD: database.password,
      POSTGRES_DB: database.pathname.slice(1),
    });
    expect(environmentOf('objects')).toMatchObject({
      ROOT_ACCESS_KEY: environmentOf('api')['AWS_ACCESS_KEY_ID'],
      ROOT_SECRET_KEY: environmentOf('api')['AWS_SECRET_ACCESS_KEY'],
    });
    const { bucket } = config.artifacts as { bucket: string };
    expect(services['objects']!.command!.join(' ')).toContain(`/objects/data/${bucket} `);
  });

  it('gives Temporal a database and a schema of its own, and a UI', () => {
    const schema = environmentOf('temporal-schema');
    const server = environmentOf('temporal');
    expect(server['POSTGRES_SEEDS']).toBe('temporal-postgres');
    expect(schema['SQL_HOST']).toBe(server['POSTGRES_SEEDS']);
    expect(schema['SQL_PLUGIN']).toBe(server['DB']);
    expect(schema['SQL_USER']).toBe(server['POSTGRES_USER']);
    const tag = (name: string): string => services[name]!.image.split(':')[1]!;
    expect(tag('temporal-schema')).toBe(tag('temporal'));
    const dynamic = parse(
      readFileSync(join(root, 'docker/temporal-dynamicconfig.yaml'), 'utf8'),
    ) as Record<string, { value: unknown }[]>;
    const ofQueues = Object.entries(serverSettings).filter(([key]) => key.startsWith('matching.'));
    for (const [key, value] of ofQueues) expect(dynamic[key]).toEqual([{ value }]);
    expect(environmentOf('temporal-ui')['TEMPORAL_ADDRESS']).toBe('temporal:7233');
  });

  it('pins every image, and none that nobody maintains', () => {
    for (const { image } of Object.values(services)) {
      expect(image).toMatch(/:v?\d/);
      expect(image).not.toMatch(/auto-setup|minio|latest/);
    }
  });

  it('has no password of its own', () => {
    for (const { environment = {} } of Object.values(services)) {
      for (const [key, value] of Object.entries(environment)) {
        if (/PASSWORD|PWD|SECRET/.test(key)) expect(value).toMatch(/^\$\{\w+(:[?-][^}]*)?\}$/);
      }
    }
  });

  it('refers only to services, volumes and files that are there', () => {
    for (const { depends_on = {}, volumes: mounts = [] } of Object.values(services)) {
      for (const name of Object.keys(depends_on)) expect(services).toHaveProperty(name);
      for (const mount of mounts) {
        const [from = ''] = mount.split(':');
        if (from.startsWith('./')) expect(existsSync(join(root, from))).toBe(true);
        else expect(Object.keys(volumes)).toContain(from);
      }
    }
  });
});

describe('Dockerfile', () => {
  it('builds on a Node that the project supports and does not run as root', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const least = Number(/\d+/.exec(engines.node)![0]);
    const majors = [...dockerfile.matchAll(/^FROM node:(\d+)-slim/gm)].map(([, major]) =>
      Number(major),
    );
    expect(majors).toHaveLength(2);
    expect(majors.every((major) => major >= least)).toBe(true);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('starts the compiled program and carries the health check', () => {
    const [, entry] = /^ENTRYPOINT \["node", "(.+)"\]$/m.exec(dockerfile)!;
    expect(existsSync(join(root, entry!))).toBe(true);
    const check = services['api']!.healthcheck!.test[2]!;
    expect(dockerfile).toContain(`COPY ${check} `);
    expect(existsSync(join(root, check))).toBe(true);
  });
});
