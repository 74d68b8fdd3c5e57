import { batchSize, JobQueue, type Job, type PooledModel } from './jobQueue';
import type { PredictorThread } from './predictorThreadClient';

const one = {} as unknown as PredictorThread;
const two = {} as unknown as PredictorThread;

function model(...on: PredictorThread[]): PooledModel {
  return { handle: 0, folder: '', bytes: 0, on: new Set(on), opening: undefined };
}

function job(of: PooledModel, texts: number, topK = 5): Job {
  return {
    model: of,
    texts: Array.from({ length: texts }, () => ''),
    options: { topK, explain: false },
    retried: false,
    resolve: () => undefined,
    reject: () => undefined,
  };
}

describe('JobQueue', () => {
  it('puts what waits for one model with the same options into one message', () => {
    const queue = new JobQueue();
    const [mine, other] = [model(one), model(one)];
    const jobs = [job(mine, 1), job(other, 1), job(mine, 2), job(mine, 1, 7), job(mine, 3)];
    jobs.forEach((each) => queue.push(each));
    expect(queue.takeFor(one)).toEqual([jobs[0], jobs[2], jobs[4]]);
    expect(queue.takeFor(one)).toEqual([jobs[1]]);
    expect(queue.takeFor(one)).toEqual([jobs[3]]);
    expect(queue.texts).toBe(0);
  });

  it('keeps a message within its size', () => {
    const queue = new JobQueue();
    const mine = model(one);
    const jobs = [job(mine, batchSize - 1), job(mine, 2), job(mine, 1)];
    jobs.forEach((each) => queue.push(each));
    expect(queue.takeFor(one)).toEqual([jobs[0], jobs[2]]);
    expect(queue.texts).toBe(2);
  });

  it('gives a thread nothing whose model it does not have', () => {
    const queue = new JobQueue();
    queue.push(job(model(one), 1));
    expect(queue.takeFor(two)).toEqual([]);
  });

  it('gives what was put back first, and nothing of a model that was removed', () => {
    const queue = new JobQueue();
    const [mine, lost] = [model(one), model(one)];
    const jobs = [job(mine, 1), job(lost, 4), job(mine, 1, 7)];
    jobs.forEach((each) => queue.push(each));
    queue.putBack(queue.takeFor(one)[0]!);
    expect(queue.oldest).toBe(jobs[0]);
    expect(queue.removeOf(lost)).toEqual([jobs[1]]);
    expect(queue.texts).toBe(2);
  });
});
