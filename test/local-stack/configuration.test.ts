import { run } from '../../src/local-stack/run';
import { program, scratchFolder } from '../support/shared';

jest.setTimeout(60_000);

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

  it('end without a stack when nobody reads what they print', async () => {
    const { code, output } = await run(
      'bash',
      ['-c', 'set -o pipefail; "$0" "$1" config | :', process.execPath, program],
      { env: { ...process.env, TRAINYARD_PROT: '1' }, patienceMs: 30_000 },
    );
    expect(output).not.toMatch(/EPIPE|^ +at /m);
    expect(output).toContain('TRAINYARD_PROT');
    expect(code).toBe(0);
  });

  it('say what to do when a part alone has no database', async () => {
    const { code, output } = await trainyard(['worker'], { DATABASE_URL: '' });
    expect(code).toBe(1);
    expect(output).toContain('[database_unset]');
  });

  it('name the queues when one is unknown', async () => {
    const { code, output } = await trainyard(['worker', '--queue', 'gpu'], {});
    expect(code).toBe(1);
    expect(output).toContain('--queue names "gpu", allowed are control, cpu');
  });

  it('say which ways to a Temporal were tried and how to set one right', async () => {
    const { code, output } = await trainyard(['up'], {
      DATABASE_URL: 'postgres://nowhere/trainyard',
      PATH: '/nowhere',
      XDG_CACHE_HOME: scratchFolder('cache'),
      // Nothing listens there, so that the download fails wherever this runs.
      HTTPS_PROXY: 'http://127.0.0.1:9',
    });
    expect(code).toBe(1);
    for (const way of ['server of yours', 'on PATH', 'the cache', 'download', 'build with Go']) {
      expect(output).toMatch(new RegExp(`^  - .*${way}.*: `, 'm'));
    }
    expect(output).toContain('set TEMPORAL_ADDRESS to a running server');
    expect(output).toContain('[no_temporal]');
  });
});
