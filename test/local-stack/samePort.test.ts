import { freePort } from '../../src/local-stack/ports';
import { readStack } from '../../src/local-stack/stackFile';
import { until } from '../support/poll';
import { Stack } from '../support/stack';

jest.setTimeout(240_000);

describe('two installations that are started on one port at once', () => {
  let stacks: Stack[] = [];
  afterAll(() => Promise.all(stacks.map((stack) => stack.clear())));

  it('end with one of them up, and the other says that its port is taken', async () => {
    const port = String(await freePort());
    const env = { TRAINYARD_PORT: port, TRAINYARD_SERVING_PORT: '0' };
    stacks = [new Stack(env), new Stack(env)];
    const outcomes = await Promise.allSettled(stacks.map((stack) => stack.start()));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    const winner = stacks[outcomes.findIndex(({ status }) => status === 'fulfilled')]!;
    const loser = stacks.find((stack) => stack !== winner)!;
    expect(loser.printed).toContain('[port_taken]');
    expect(loser.printed).toContain(`port ${port}`);
    expect(loser.printed).not.toContain('Trainyard is up');
    expect(readStack(loser.home)).toBeUndefined();
    await until('the other is up', () => winner.printed.includes('Trainyard is up'));
  });
});
