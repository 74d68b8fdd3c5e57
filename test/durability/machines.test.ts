import {
  s3ServerMissing,
  startS3Server,
  type S3Server,
} from '../../src/artifacts/testing/s3Server';
import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { until } from '../support/poll';
import {
  eventsOf,
  longEnough,
  publishedStages,
  resumedSteps,
  trainUnder,
  type Outcome,
} from './disturbedTraining';
import { allocationsBelow } from '../support/processes';

jest.setTimeout(40 * 60_000);

const describeWithS3 = s3ServerMissing ? describe.skip : describe;

/** Long enough to be struck at the third checkpoint. */
const work = { ...longEnough, epochs: 1000 };

/** Two machines' worth: each its own folder, API and worker; they share servers, and no disk. */
describeWithS3(
  `two machines that share no disk${s3ServerMissing ? `: ${s3ServerMissing}` : ''}`,
  () => {
    let s3: S3Server;
    let left: Parts;
    let right: Parts;
    let leftClient: ApiClient;
    let rightClient: ApiClient;
    let calm: Outcome;

    beforeAll(async () => {
      s3 = await startS3Server();
      const env = {
        ...s3.env,
        ARTIFACT_URL: `s3://${s3.location.bucket}/objects`,
        AWS_ENDPOINT_URL_S3: s3.location.endpoint,
      };
      left = await Parts.start({ parts: ['api', 'worker'], env });
      right = await Parts.start({ parts: ['api'], beside: left, env });
      leftClient = await (await left.client()).keepToken();
      rightClient = await (await right.client()).keepToken();
      calm = await trainUnder(leftClient, 'calm', [], work);
    });
    afterAll(async () => {
      await Promise.all([left?.stop(), right?.stop()]);
      await s3?.stop();
    });

    test('the other machine finishes what a killed one began, to the same bytes', async () => {
      const outcome = await trainUnder(
        leftClient,
        'killed',
        [
          {
            atStep: 3,
            strike: async () => {
              await left.kill('worker');
              await right.startPart('worker');
            },
          },
        ],
        work,
      );
      expect(outcome.modelFiles).toEqual(calm.modelFiles);
      expect(publishedStages(outcome)).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
      expect(resumedSteps(outcome)[1]).toBeGreaterThanOrEqual(1);
    });

    test('the logs of a training can be read from either API', async () => {
      const models =
        await rightClient.get<{ model_id: string; model_name: string }[]>('/api/v2/model/list');
      const model = models.find(({ model_name }) => model_name === 'killed')!.model_id;
      const path = `/api/v2/train/${model}/logs`;
      const logs =
        await rightClient.get<{ stdout: string; stage: string; attempt: number }[]>(path);
      expect(logs).toEqual(await leftClient.get(path));
      const attempts = logs.filter(({ stage }) => stage === 'train').map(({ attempt }) => attempt);
      expect(attempts).toEqual([1, 2]);
    });

    test('a worker that was frozen and wakes up late publishes nothing', async () => {
      await left.startPart('worker');
      await right.stopPart('worker');
      const frozen = left.pid('worker');
      const outcome = await trainUnder(
        leftClient,
        'frozen',
        [
          {
            atStep: 3,
            strike: async () => {
              process.kill(frozen, 'SIGSTOP');
              await right.startPart('worker');
            },
          },
        ],
        work,
      );
      process.kill(frozen, 'SIGCONT');
      await until('its stage is given up', () => allocationsBelow(left.home).length === 0);
      // Asked again now that the late one has had its chance to write.
      const events = await eventsOf(leftClient, outcome.model);
      expect(publishedStages({ events })).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
      expect(resumedSteps({ events })).toHaveLength(2);
      expect(outcome.modelFiles).toEqual(calm.modelFiles);
      expect((await leftClient.trainStatus(outcome.model)).status).toBe('complete');
    });
  },
);
