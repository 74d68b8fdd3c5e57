import { basename } from 'node:path';
import { run } from '../../src/local-stack/run';
import { tinyEncoderFiles } from '../../src/ml/transformers/testing/tinyEncoder';
import { hubServer, type HubServer } from '../../src/encoders/testing/hubServer';
import { writeTinyEncoder } from '../../src/encoders/testing/tinyEncoder';
import { createDatabase, program, scratchFolder } from '../support/shared';

jest.setTimeout(60_000);

describe('trainyard encoders', () => {
  let env: NodeJS.ProcessEnv;
  let hub: HubServer;
  beforeAll(async () => {
    hub = await hubServer(tinyEncoderFiles({ seed: 2 }));
    env = {
      ...process.env,
      TRAINYARD_HOME: scratchFolder('encoders'),
      DATABASE_URL: await createDatabase(),
      TRAINYARD_HUB_URL: hub.url,
    };
    await trainyard(['migrate']);
  });
  afterAll(() => hub.stop());

  const trainyard = (args: string[], more: NodeJS.ProcessEnv = {}): ReturnType<typeof run> =>
    run(process.execPath, [program, ...args], { env: { ...env, ...more }, patienceMs: 30_000 });
  const encoders = (...args: string[]): ReturnType<typeof run> => trainyard(['encoders', ...args]);

  it('adds a folder, lists and removes it', async () => {
    expect((await encoders('list')).output).toContain('there are no encoders');
    const folder = scratchFolder('tiny');
    writeTinyEncoder(folder);
    const added = await encoders('add', folder);
    expect(added).toMatchObject({ code: 0 });
    const name = basename(folder);
    expect(added.output).toMatch(
      new RegExp(
        `^${name} +bert +32 dims +48 of 64 tokens +0\\.1 MiB +[0-9a-f]{12} +cc0-1\\.0 +folder`,
      ),
    );
    expect((await encoders('list')).output).toContain(name);
    expect((await encoders('remove', name)).output).toBe(`removed ${name}\n`);
    const again = await encoders('remove', name);
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('[encoder_not_found]')]);
  });

  it('downloads from the hub that is set, showing how far it is', async () => {
    const { code, output } = await encoders('add', 'owner/tiny', '--name', 'mine');
    expect(code).toBe(0);
    expect(output).toContain('model.safetensors  0.1 of 0.1 MiB');
    expect(output).toContain(`owner/tiny@${hub.commit}`);
    expect((await encoders('list')).output).toMatch(/^mine /);
  });

  it('says in one line what is wrong', async () => {
    const refused = async (args: string[], more?: NodeJS.ProcessEnv): Promise<string> => {
      const { code, output } = await trainyard(['encoders', 'add', ...args], more);
      expect(code).toBe(1);
      expect(output).not.toMatch(/^ +at /m);
      return output;
    };
    const folder = scratchFolder('wrong');
    expect(await refused([folder])).toContain('config.json: is missing');
    expect(await refused([`${folder}/nowhere`])).toContain('is no folder [invalid_encoder]');
    expect(await refused(['owner/tiny'], { TRAINYARD_OFFLINE: 'true' })).toContain('[hub_offline]');
    expect(await refused(['owner/tiny', '--revision', '../x'])).toContain('[invalid_revision]');
    expect(await refused(['owner/other'])).toContain('[not_at_hub]');
  });
});
