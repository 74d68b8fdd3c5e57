import { run } from '../../src/local-stack/run';
import { program, scratchFolder } from '../support/shared';

function trainyard(args: string[], env: NodeJS.ProcessEnv): ReturnType<typeof run> {
  const home = scratchFolder('config');
  return run(process.execPath, [program, ...args], {
    env: { ...process.env, TRAINYARD_HOME: home, ...env },
    patienceMs: 30_000,
  });
}

describe('the commands', () => {
  it('report all wrong variables at once and start nothing', async () => {
    const { code, output } = await trainyard(['up'], {
      TRAINYARD_PORT: '80000',
      TRAINYARD_CORES: 'many',
      ARTIFACT_URL: 'ftp://x/y',
    });
    expect(code).toBe(1);
    expect(output).toContain('3 settings are wrong');
    expect(output).toMatch(/TRAINYARD_PORT="80000": .*0 to 65535/);
    expect(output).toMatch(/TRAINYARD_CORES="many"/);
    expect(output).toMatch(/ARTIFACT_URL="ftp:.*file:.*s3:/);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('print the effective settings without secrets, and name what nothing reads', async () => {
    const { code, output } = await trainyard(['config'], {
      DATABASE_URL: 'postgres://yard:hunter2@db/yard',
      TRAINYARD_SECRET: 'hunter2'.repeat(5),
      TRAINYARD_PROT: '1',
    });
    expect(code).toBe(0);
    expect(output).toContain('postgres://yard:***@db/yard');
    expect(output).toContain('TRAINYARD_PROT is set, but nothing reads it');
    expect(output).not.toContain('hunter2');
  });

  it('say what to do when a part alone has no database', async () => {
    const { code, output } = await trainyard(['worker'], { DATABASE_URL: '' });
    expect(code).toBe(1);
    expect(output).toContain('[database_unset]');
  });

  it('name the queues when one is unknown', async () => {
    const { code, output } = await trainyard(['worker', '--queue', 'gpu'], {});
    expect(code).toBe(1);
    expect(output).toContain('"gpu" is not among control, cpu');
  });
});
