import { ApiClient } from '../../test/support/apiClient';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import type { Victim } from './smallRequests';
import type { Target } from './target';

const password = 'a password for this bench';
/** One who explains, and sixteen who ask for predictions. */
const attackers = 17;

/** Everybody who takes part, and their models. */
export interface Prepared {
  victim: Victim;
  target: Omit<Target, 'attack'>;
}

export async function preparePlatform({ stack }: Platform): Promise<Prepared> {
  const { api: url } = stack.urls;
  const victim = await userWithModel(url, 'victim');
  const attacker = await userWithModel(url, 'attacker');
  await attacker.client.post(`/api/v2/model/${attacker.model}/access`, { access: 'public' });
  const others: string[] = [];
  for (let i = 1; i < attackers; i++) others.push((await newUser(url, `attacker-${i}`)).token!);
  return {
    victim: { ...victim, password },
    target: {
      url,
      victimEmail: victim.email,
      tokens: [attacker.client.token!, ...others],
      model: attacker.model,
      upload: attacker.upload,
    },
  };
}

async function userWithModel(url: string, name: string) {
  const client = await newUser(url, name);
  const content = textsCsv({ rows: 100, classes: 3, seed: 7 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const model = await client.trainText(name, upload);
  await client.waitForStatus(model, 'complete');
  await client.deploy(model);
  return { client, email: emailOf(name), model, upload };
}

async function newUser(url: string, name: string): Promise<ApiClient> {
  const client = new ApiClient(url);
  await client.signUp(name, emailOf(name), password);
  await client.login(emailOf(name), password);
  client.token = (await client.post<{ token: string }>('/api/v2/user/tokens', { name })).token;
  return client;
}

function emailOf(name: string): string {
  return `${name}@example.org`;
}
