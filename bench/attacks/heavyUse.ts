import { request } from 'node:http';
import { lanes, type Attack, type Target } from './target';
import { bearer, send } from './send';

const textsOfOneCall = 10_000;
const postsInFlight = 32;
const text = 'the words of a text that is neither long nor short, and like many others';

/** What one caller explains, and what sixteen ask for without it, again and again. */
export const largePredictions: Attack = async (target, answers, signal) => {
  const url = `${target.url}/${target.model}/predict`;
  const texts = Array.from({ length: textsOfOneCall }, (_, i) => `${text} ${i}`);
  const ask = async (token: string, body: string): Promise<number | 'cut'> =>
    send({ url, method: 'POST', headers: bearer(token), body, signal });
  const [explained, plain] = [true, false].map((explain) => JSON.stringify({ texts, explain }));
  const [explaining, ...others] = target.tokens;
  await Promise.all([
    lanes(1, signal, async () => answers.add(`explain ${await ask(explaining, explained!)}`)),
    lanes(others.length, signal, async (lane) =>
      answers.add(`predict ${await ask(others[lane]!, plain!)}`),
    ),
  ]);
};

/** So many small trainings of one user, as fast as they are accepted. */
export function manyTrainings(trainings: number): Attack {
  return async (target, answers, signal) => {
    let posted = 0;
    const lane = async (): Promise<void> => {
      while (posted < trainings && !signal.aborted) {
        const body = trainingOf(target, `attack ${posted++}`);
        const headers = bearer(target.tokens[0]);
        const url = `${target.url}/api/v2/train/nlp-text`;
        answers.add(await send({ url, method: 'POST', headers, body, signal }));
      }
    };
    await Promise.all(Array.from({ length: postsInFlight }, lane));
  };
}

function trainingOf({ upload }: Target, name: string): string {
  return JSON.stringify({
    model_name: name,
    data: { supervised_files: [{ path: upload, location: 'upload' }] },
    model_options: { text_column: 'text', label_column: 'label', n_target_classes: 3 },
    cache: 'off',
  });
}

/** Event streams of one user, each left at its first bytes and opened again. */
export function eventStreams(streams: number): Attack {
  return (target, answers, signal) =>
    lanes(streams, signal, async () => answers.add(await openStream(target, signal)));
}

function openStream({ url, model, tokens }: Target, signal: AbortSignal): Promise<number | 'cut'> {
  return new Promise((resolve) => {
    const options = { headers: bearer(tokens[0]), localAddress: '127.0.0.2', signal, agent: false };
    const opened = request(`${url}/api/v2/train/${model}/events`, options, (response) => {
      response.once('data', () => response.destroy());
      response.on('error', () => undefined);
      response.on('close', () => resolve(response.statusCode!));
    });
    opened.on('error', () => resolve('cut'));
    opened.end();
  });
}
