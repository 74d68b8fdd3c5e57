import { setTimeout as delay } from 'node:timers/promises';
import { s3ServerMissing } from '../../src/artifacts/testing/s3Server';
import type { ApiClient } from '../support/apiClient';
import { FaultyLines } from '../support/faultyLines';
import { s3Faults } from '../support/faultyS3';
import type { Parts } from '../support/parts';
import { publishedStages, resumedSteps, trainUnder, type Outcome } from './disturbedTraining';

jest.setTimeout(40 * 60_000);

const describeWithS3 = s3ServerMissing ? describe.skip : describe;

/** Short trainings with a few checkpoints: what counts is that something is away while they work. */
const work = { rows: 3000, classes: 12, epochs: 1200 };

/** A platform whose object store, database and Temporal are reached through lines that break on command. */
describeWithS3(
  `what a training depends on may be away${s3ServerMissing ? `: ${s3ServerMissing}` : ''}`,
  () => {
    let lines: FaultyLines;
    let parts: Parts;
    let client: ApiClient;
    let calm: Outcome;

    beforeAll(async () => {
      lines = await FaultyLines.open();
      parts = await lines.newPlatform();
      for (const part of ['api', 'worker'] as const) await parts.startPart(part);
      client = await (await parts.client()).keepToken();
      calm = await trainUnder(client, 'calm', [], work);
    });
    afterAll(async () => {
      await parts?.stop();
      await lines?.close();
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
      const faults = faultsInTurn(s3Faults, 3000, (mode) => (lines.store.mode = mode));
      const outcome = await trainUnder(client, 'store', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
      // Whoever waits keeps its process: nothing is worked twice.
      expect(resumedSteps(outcome)).toEqual([null]);
    });

    test('a database that refuses connections, and one that is frozen', async () => {
      const modes = ['refuse', 'freeze'] as const;
      const faults = faultsInTurn(modes, 8000, (mode) => lines.postgres.set(mode));
      const outcome = await trainUnder(client, 'postgres', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
    });

    test('a Temporal that refuses connections, and one that is frozen', async () => {
      const modes = ['refuse', 'freeze'] as const;
      const faults = faultsInTurn(modes, 8000, (mode) => lines.temporal.set(mode));
      const outcome = await trainUnder(client, 'temporal', faults.strikes, work);
      await faults.ended();
      expectUndisturbed(outcome);
    });
  },
);
