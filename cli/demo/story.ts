import { randomBytes } from 'node:crypto';
import type { DemoClient } from './client';
import type { Mail } from './mails';
import { bytes, percent, say, table } from './print';
import { trainAndWatch } from './watch';

interface Report {
  holdout: { rows: number };
  scores: { accuracy: number };
  classes: { label: string; precision: number; recall: number; support: number }[];
  model: { bytes: number };
}

interface Progress {
  stages: { stage: string; cache: string | null; seconds: number | null }[];
}

/** Mails that the filter has never seen, written for this demo. */
const examples = [
  'Subject: Meeting moved\n\nHi all, the design review moves to Thursday at ten. Please read the draft before. Thanks, Ana',
  'Subject: YOU HAVE WON!!!\n\nCongratulations! Claim your FREE prize of $1,000,000 now. Click here, no risk, 100% guaranteed, offer expires tonight!!!',
  'Subject: Re: kernel panic on boot\n\nDid you try the patch from the list? On my box the module loads fine with 2.4.19, only the old driver oopses.',
];

/** Trains, measures, deploys, predicts and trains again, through the REST API alone. */
export async function tellStory(client: DemoClient, mails: readonly Mail[]): Promise<string> {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  await client.signUp(name, randomBytes(12).toString('base64url'));
  say(`signed up as ${name}`);

  const spam = mails.filter((mail) => mail.name.startsWith('spam/')).length;
  say(`uploading ${mails.length} mails: ${spam} spam, ${mails.length - spam} ham`);
  const upload = await client.upload(mails);

  const request = {
    doc_classification: true,
    model_options: { n_target_classes: 2 },
    data: { supervised_files: [{ path: upload, location: 'upload' }] },
    job_options: { allocation_cores: 2 },
  };
  const model = await trainAndWatch(client, { ...request, model_name: 'spam-filter' });
  await showReport(client, model);
  await deployAndAsk(client, model);

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

async function deployAndAsk(client: DemoClient, model: string): Promise<void> {
  await client.post(`/api/v2/deploy/${model}`);
  for (;;) {
    const { status } = await client.get<{ status: string }>(`/api/v2/deploy/${model}/status`);
    if (status === 'complete') break;
    if (status === 'failed') throw new Error('the deployment failed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  say('\ndeployed; three mails nobody has labelled:');
  for (const text of examples) {
    const { data } = await client.post<{
      data: { prediction_results: { predicted_classes: { class: string; score: number }[] } };
    }>(`/${model}/predict`, { text });
    const best = data.prediction_results.predicted_classes[0]!;
    say(`  ${best.class.padEnd(4)}  ${percent(best.score)}  ${text.split('\n')[0]!}`);
  }
}
