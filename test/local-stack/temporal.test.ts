import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../src/local-stack/ports';
import { SupervisedChild } from '../../src/local-stack/supervision/supervisedChild';
import { localTemporal } from '../../src/local-stack/temporal/temporal';
import { temporalBinary } from '../../src/local-stack/temporal/temporalBinary';
import { eventually } from '../../src/serving/testing/testServing';
import { scratchFolder } from '../support/shared';

jest.setTimeout(120_000);

describe('the local Temporal', () => {
  let server: SupervisedChild;
  let connection: Connection;
  let httpPort: number;

  beforeAll(async () => {
    const home = join(scratchFolder('temporal'), 'home');
    const port = await freePort();
    httpPort = await freePort();
    const binary = await temporalBinary(() => undefined);
    const spec = localTemporal({ home, binary, port, uiPort: undefined, namespace: 'default' });
    server = new SupervisedChild({
      name: 'temporal',
      // The HTTP API has a port in any case; here one that the test knows.
      spec: { ...spec, args: [...spec.args, '--http-port', String(httpPort)] },
      progress: () => undefined,
      onChange: () => undefined,
      silenceMs: 600_000,
    });
    await server.start();
    connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  });
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });

  it.each(['127.0.0.1', 'localhost', 'evil.example', '', '*'])(
    'refuses every request to its HTTP API, for the host "%s" too',
    async (host) => {
      const path = '/api/v1/namespaces/default/workflows/any/terminate';
      const headers = { host, 'content-type': 'text/plain' };
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const sent = request({ port: httpPort, path, method: 'POST', headers }, (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        });
        sent.once('error', reject).end('{}');
      });
      expect([400, 403]).toContain(status);
    },
  );

  it('hands out what waits by priority, and in turns between fairness keys', async () => {
    const client = new Client({ connection });
    const queue = `queue-${randomUUID()}`;
    const start = (name: string, priorityKey: number, fairnessKey: string): Promise<unknown> =>
      client.workflow.start('any', {
        taskQueue: queue,
        workflowId: `${name} ${queue}`,
        priority: { priorityKey, fairnessKey },
      });
    for (let n = 0; n < 20; n++) await start(`ann${n}`, 3, 'ann');
    for (let n = 0; n < 5; n++) await start(`ben${n}`, 3, 'ben');
    await start('urgent', 1, 'ann');
    // A workflow that was started is on its way to its queue, and may come there after others.
    await eventually('all wait in the queue', async () => (await backlogOf(queue)) === 26);
    const order: string[] = [];
    while (order.length < 26) order.push(await nextOf(queue));
    // The first that waits may be on its way to a worker already.
    expect(order.indexOf('urgent')).toBeLessThan(3);
    // Ben came after twenty of Ann's, and waits for about one of hers for each of his.
    expect(order.indexOf('ben4')).toBeLessThan(15);
    expect(new Set(order).size).toBe(26);
  });

  async function backlogOf(queue: string): Promise<number> {
    const { stats } = await connection.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: queue },
      reportStats: true,
    });
    return Number(stats?.approximateBacklogCount ?? 0);
  }

  async function nextOf(queue: string): Promise<string> {
    const { workflowExecution } = await connection.withDeadline(Date.now() + 60_000, () =>
      connection.workflowService.pollWorkflowTaskQueue({
        namespace: 'default',
        taskQueue: { name: queue },
        identity: 'test',
      }),
    );
    return workflowExecution!.workflowId!.split(' ')[0]!;
  }
});
