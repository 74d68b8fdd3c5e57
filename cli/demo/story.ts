import { randomBytes } from 'node:crypto';
import type { DemoClient } from './client';
import { keepBack, type KeptBack } from './keptBack';
import type { Mail } from './mails';
import { bytes, percent, say, table } from './print';
import { trainAndWatch } from './watch';

interface Report {
  holdout: { rows: number };
  scores: { accuracy: number };
  classes: { label: string; precision: number; recall: number; support: number }[];
  model: { bytes: number };
}

interface Prediction {
  data: { prediction_results: { predicted_classes: { class: string; score: number }[] } };
}

interface Progress {
  stages: { stage: string; cache: string | null; seconds: number | null }[];
}

/** Trains, measures, deploys, predicts and trains again, through the REST API alone. */
export async function tellStory(client: DemoClient, mails: readonly Mail[]): Promise<string> {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  await client.signUp(name, randomBytes(12).toString('base64url'));
  say(`signed up as ${name}`);

  const kept = keepBack(mails);
  const sent = mails.filter((mail) => !kept.some((back) => back.mail === mail));
  const spam = sent.filter((mail) => mail.name.startsWith('spam/')).length;
  say(`uploading ${sent.length} mails (${spam} spam, ${sent.length - spam} ham), keeping 3 back`);
  const upload = await client.upload(sent);

  const request = {
    doc_classification: true,
    model_options: { n_target_classes: 2 },
    data: { supervised_files: [{ path: upload, location: 'upload' }] },
    job_options: { allocation_cores: 2 },
  };
  const model = await trainAndWatch(client, { ...request, model_name: 'spam-filter' });
  await showReport(client, model);
  await deployAndAsk(client, model, kept);

  say('\nthe same training once more:');
  const again = await trainAndWatch(client, { ...request, model_name: 'spam-filter-again' });
  const { stages } = await client.get<Progress>(`/api/v2/train/${again}/progress`);
  const hits = stages.filter((stage) => stage.cache === 'hit').map((stage) => stage.stage);
  say(`from the cache this time: ${hits.join(', ') || 'nothing'}`);
  return model;
}

async function showReport(client: DemoClient, model: string): Promise<void> {
  const report = await client.get<Report>(`/api/v2/train/${model}/report`);
  say(
    `\naccuracy ${percent(report.scores.accuracy)} on ${report.holdout.rows} mails it had not seen`,
  );
  table([
    ['class', 'precision', 'recall', 'mails'],
    ...report.classes.map(({ label, precision, recall, support }) => [
      label,
      percent(precision),
      percent(recall),
      String(support),
    ]),
  ]);
  const { stages } = await client.get<Progress>(`/api/v2/train/${model}/progress`);
  const seconds = stages.map(
    ({ stage, seconds: taken }) => `${stage} ${(taken ?? 0).toFixed(1)} s`,
  );
  say(`model ${bytes(report.model.bytes)}; ${seconds.join(', ')}`);
}

async function deployAndAsk(
  client: DemoClient,
  model: string,
  kept: readonly KeptBack[],
): Promise<void> {
  await client.post(`/api/v2/deploy/${model}`);
  for (;;) {
    const { status } = await client.get<{ status: string }>(`/api/v2/deploy/${model}/status`);
    if (status === 'complete') break;
    if (status === 'failed') throw new Error('the deployment failed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  say('\ndeployed; the mails that were kept back:');
  const asked = await Promise.all(
    kept.map(({ text }) => client.post<Prediction>(`/${model}/predict`, { text })),
  );
  table([
    ['answer', 'sure', 'is', 'subject'],
    ...asked.map(({ data }, index) => {
      const best = data.prediction_results.predicted_classes[0]!;
      const { label, subject } = kept[index]!;
      return [best.class, percent(best.score), label, subject];
    }),
  ]);
}
