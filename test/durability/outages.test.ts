import { setTimeout as delay } from 'node:timers/promises';
import {
  s3ServerMissing,
  startS3Server,
  type S3Server,
} from '../../src/artifacts/testing/s3Server';
import type { ApiClient } from '../support/apiClient';
import { FaultyS3, s3Faults } from '../support/faultyS3';
import { Parts } from '../support/parts';
import { sharedServers } from '../support/shared';
import { TcpProxy } from '../support/tcpProxy';
import { publishedStages, resumedSteps, trainUnder, type Outcome } from './disturbedTraining';

jest.setTimeout(20 * 60_000);

const describeWithS3 = s3ServerMissing ? describe.skip : describe;

/** Short trainings with a few checkpoints: what counts is that something is away while they work. */
const work = { rows: 3000, classes: 12, epochs: 1200 };

/** A platform whose object store, database and Temporal are reached through lines that break on command. */
describeWithS3(
  `what a training depends on may be away${s3ServerMissing ? `: ${s3ServerMissing}` : ''}`,
  () => {
    let s3: S3Server;
    let store: FaultyS3;
    let postgres: TcpProxy;
    let temporal: TcpProxy;
    let parts: Parts;
    let client: ApiClient;
    let calm: Outcome;

    beforeAll(async () => {
      s3 = await startS3Server();
      store = await FaultyS3.before(s3.location.endpoint);
      const { temporalAddress } = sharedServers();
      temporal = await TcpProxy.before(addressOf(temporalAddress));
      parts = await Parts.start({
        parts: [],
        env: {
          ...s3.env,
          ARTIFACT_URL: `s3://${s3.location.bucket}/objects`,
          AWS_ENDPOINT_URL_S3: store.endpoint,
          TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
        },
      });
      const url = new URL(parts.env['DATABASE_URL']!);
      postgres = await TcpProxy.before({ host: url.hostname, port: Number(url.port) });
      url.port = String(postgres.port);
      parts.env['DATABASE_URL'] = url.href;
      for (const part of ['api', 'worker'] as const) await parts.startPart(part);
      client = await (await parts.client()).keepToken();
      calm = await trainUnder(client, 'calm', [], work);
    });
    afterAll(async () => {
      await parts?.stop();
      await Promise.all([store?.close(), postgres?.close(), temporal?.close()]);
      await s3?.stop();
    });

    /** From the first checkpoint on one fault after another, with a moment of calm between them. */
    function faultsInTurn<Fault>(
      faults: readonly Fault[],
      awayMs: number,
      set: (fault: Fault | 'pass') => void,
    ) {
      const run = async (): Promise<void> => {
        for (const fault of faults) {
          set(fault);
          await delay(awayMs);
          set('pass');
          await delay(1000);
        }
      };
      let ended: Promise<void> | undefined;
      return {
        strikes: [{ atStep: 1, strike: () => void (ended = run()) }],
        ended: () => ended,
      };
    }

    function expectUndisturbed(outcome: Outcome): void {
      expect(outcome.modelFiles).toEqual(calm.modelFiles);
      expect(publishedStages(outcome)).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
    }

    test('an object store that stops, is slow, errs, breaks off, is full and hangs in turn', async () => {
      const faults = faultsInTurn(s3Faults, 3000, (mode) => (store.mode = mode));
      const outcome = await trainUnder(client, 'store', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
      // Whoever waits keeps its process: nothing is worked twice.
      expect(resumedSteps(outcome)).toEqual([null]);
    });

    test('a database that refuses connections, and one that is frozen', async () => {
      const modes = ['refuse', 'freeze'] as const;
      const faults = faultsInTurn(modes, 8000, (mode) => postgres.set(mode));
      const outcome = await trainUnder(client, 'postgres', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
    });

    test('a Temporal that refuses connections, and one that is frozen', async () => {
      const modes = ['refuse', 'freeze'] as const;
      const faults = faultsInTurn(modes, 8000, (mode) => temporal.set(mode));
      const outcome = await trainUnder(client, 'temporal', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
    });
  },
);

function addressOf(address: string): { host: string; port: number } {
  const [host, port] = address.split(':');
  return { host: host!, port: Number(port) };
}
