import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answers200 } from '../../src/local-stack/supervision/answering';
import { isRunning } from '../../src/local-stack/supervision/processes';
import { run } from '../../src/local-stack/run';
import { readStack, type StackRecord } from '../../src/local-stack/stackFile';
import { until } from '../support/poll';
import { findProcesses } from '../support/processes';
import { program } from '../support/shared';
import { Stack } from '../support/stack';

jest.setTimeout(300_000);

describe('trainyard up', () => {
  const stack = new Stack({ TRAINYARD_SILENCE_SECONDS: '20' });
  let first: StackRecord;

  beforeAll(async () => {
    first = await stack.start();
  });
  afterAll(() => stack.clear());

  it('says where things are and how to sign in', async () => {
    await until('it has said so', () => stack.printed.includes('Trainyard is up'));
    expect(stack.printed).toContain(`${first.urls.api}/api/v2`);
    expect(stack.printed).toContain(first.urls.docs);
    expect(stack.printed).toContain(first.urls.temporalUi!);
    expect(stack.printed).toContain(`${first.urls.api}/api/v2/setup?token=`);
    expect(await answers200(`${first.urls.api}/ready`)).toBe(true);
    expect(await answers200(first.urls.temporalUi!)).toBe(true);
  });

  it('refuses a second start on the same folder with the reason', async () => {
    const second = await run(process.execPath, [program, 'up'], {
      env: stack.env,
      patienceMs: 60_000,
    });
    expect(second.code).toBe(1);
    expect(second.output).toContain(`process ${first.supervisor.pid}, since 20`);
    expect(second.output).toContain('[already_running]');
    expect(readStack(stack.home)?.state).toBe('ready');
  });

  it.each(['postgres', 'temporal', 'api', 'serving', 'worker'])(
    'brings %s back after kill -9, on the same port',
    async (name) => {
      const before = readStack(stack.home)!.children[name]!;
      process.kill(before.pid, 'SIGKILL');
      await until(`${name} runs again`, () => {
        const now = readStack(stack.home)?.children[name];
        return now !== undefined && now.pid !== before.pid && isRunning(now);
      });
      await until('the platform answers', () => everythingAnswers(first));
      expect(readStack(stack.home)!.urls).toEqual(first.urls);
    },
  );

  it('keeps everything in its home from other users', () => {
    const open = readdirSync(stack.home).filter(
      (name) => (statSync(join(stack.home, name)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    // PostgreSQL's user must be able to pass where root runs us.
    expect(statSync(stack.home).mode & 0o066).toBe(0);
  });

  it('says that it is not ready while serving is frozen, and starts serving again', async () => {
    const before = readStack(stack.home)!.children['serving']!;
    process.kill(before.pid, 'SIGSTOP');
    await until('the API says so', async () => {
      const reply = await fetch(`${first.urls.api}/ready`);
      const { checks } = (await reply.json()) as { checks: Record<string, boolean> };
      return reply.status === 503 && checks['serving'] === false && checks['database'] === true;
    });
    await until('serving runs again', () => replaced({ serving: before }), 120_000);
    await until('the platform answers', () => everythingAnswers(first));
    expect(stack.printed).toContain('Serving has given no answer for 20 s');
  });

  it('starts every part again that is frozen, all at once too', async () => {
    const before = readStack(stack.home)!.children;
    for (const mark of Object.values(before)) process.kill(mark!.pid, 'SIGSTOP');
    await until('all run again', () => replaced(before), 120_000);
    await until('the platform answers', () => everythingAnswers(first), 120_000);
    for (const [name, mark] of Object.entries(readStack(stack.home)!.children)) {
      expect(mark!.restarts).toBeGreaterThan(before[name]!.restarts);
    }
  });

  /** Whether other processes run in the place of those. */
  function replaced(before: StackRecord['children']): boolean {
    const now = readStack(stack.home)?.children ?? {};
    return Object.entries(before).every(([name, mark]) => {
      const other = now[name];
      return other !== undefined && other.pid !== mark!.pid && isRunning(other);
    });
  }

  it('serves commands beside it without further settings', async () => {
    const { code, output } = await run(process.execPath, [program, 'migrate'], {
      env: stack.env,
      patienceMs: 60_000,
    });
    expect(output).toContain('up to date');
    expect(code).toBe(0);
  });

  it('ends what a killed supervisor left, and starts on the same ports', async () => {
    const left = Object.values(readStack(stack.home)!.children);
    stack.signal('SIGKILL');
    await until('the supervisor is gone', () => !isRunning(first.supervisor));
    expect(left.every((mark) => isRunning(mark!))).toBe(true);
    const again = await stack.start();
    expect(left.some((mark) => isRunning(mark!))).toBe(false);
    expect(again.urls).toEqual(first.urls);
  });

  it('leaves no process behind after Ctrl-C', async () => {
    stack.signal('SIGINT');
    expect(await stack.ended()).toBe(0);
    expect(findProcesses(stack.home)).toEqual([]);
    expect(readStack(stack.home)).toBeUndefined();
    expect(stack.printed).toContain('stopped');
  });

  it('keeps no secret in what it prints', () => {
    const password = readFileSync(join(stack.home, 'postgres-password'), 'utf8').trim();
    const secret = readFileSync(join(stack.home, 'secret'), 'utf8').trim();
    expect(stack.printed).not.toContain(password);
    expect(stack.printed).not.toContain(secret);
  });
});

async function everythingAnswers({ urls }: StackRecord): Promise<boolean> {
  const answers = [urls.api, urls.serving, urls.worker].map((url) => answers200(`${url}/ready`));
  return (await Promise.all(answers.map((answer) => answer.catch(() => false)))).every(Boolean);
}
