import type { DemoClient } from './client';
import { say } from './print';

const pollMs = 400;

interface Progress {
  status: string;
  stage: string | null;
  progress: { stage: string; done: number; total?: number; unit: string; detail?: string } | null;
  stages: { stage: string; state: string; cache: string | null; seconds: number | null }[];
}

/** Posts a training and shows how it goes until it is complete; throws with the reasons otherwise. */
export async function trainAndWatch(
  client: DemoClient,
  request: { model_name: string },
): Promise<string> {
  const { model_id: model } = await client.post<{ model_id: string }>(
    '/api/v2/train/nlp-text',
    request,
  );
  say(`training ${request.model_name}: ${model}`);
  const told = new Set<string>();
  for (;;) {
    const now = await client.get<Progress>(`/api/v2/train/${model}/progress`);
    for (const { stage, state, cache, seconds } of now.stages) {
      if (state !== 'published' || told.has(stage)) continue;
      told.add(stage);
      clearLine();
      say(
        `  ${stage.padEnd(10)} ${(seconds ?? 0).toFixed(1)} s${cache === 'hit' ? ', from the cache' : ''}`,
      );
    }
    showProgress(now);
    if (now.status === 'complete') break;
    if (now.status === 'failed' || now.status === 'stopped') await failWith(client, model);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  clearLine();
  return model;
}

/** On a terminal one line that changes; elsewhere nothing, the stages tell enough. */
function showProgress({ stage, progress }: Progress): void {
  if (!process.stdout.isTTY || stage === null) return;
  const part = progress?.stage === stage ? progress : null;
  const amount = part ? `${part.done}${part.total ? ` of ${part.total}` : ''} ${part.unit}` : '';
  process.stdout.write(`\r\u001b[2K  ${stage.padEnd(10)} ${amount} ${part?.detail ?? ''}`);
}

function clearLine(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K');
}

async function failWith(client: DemoClient, model: string): Promise<never> {
  const { status, errors } = await client.get<{ status: string; errors: string[] }>(
    `/api/v2/train/${model}/status`,
  );
  throw new Error(`the training is ${status}: ${errors.join('; ')}`);
}
