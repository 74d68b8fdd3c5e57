import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { Supervisor, type StackRecord } from '../../src/local-stack';
import { ApiClient } from '../../test/support/apiClient';

const administrator = { email: 'bench@example.org', password: 'bench bench bench' };

/** A whole platform in a folder of its own, for one bench. */
export interface Platform {
  stack: StackRecord;
  client: ApiClient;
  /** Its folder. */
  home: string;
  stop(): Promise<void>;
}

/** @param more further settings */
export async function startPlatform(more: NodeJS.ProcessEnv = {}): Promise<Platform> {
  const home = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  // PostgreSQL does not run as root: its user must be able to pass.
  chmodSync(home, 0o755);
  const env = {
    ...process.env,
    TRAINYARD_HOME: home,
    TRAINYARD_PORT: '0',
    TRAINYARD_LOG_LEVEL: 'warn',
    TRAINYARD_ADMIN_USERNAME: 'bench',
    TRAINYARD_ADMIN_EMAIL: administrator.email,
    TRAINYARD_ADMIN_PASSWORD: administrator.password,
    ...more,
  };
  const supervisor = new Supervisor({
    config: loadConfig(env),
    env,
    program: join(__dirname, '../../cli/main.js'),
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  const stack = await supervisor.start();
  const client = new ApiClient(stack.urls.api);
  await client.login(administrator.email, administrator.password);
  const { token } = await client.post<{ token: string }>('/api/v2/user/tokens', { name: 'bench' });
  client.token = token;
  return {
    stack,
    client,
    home,
    stop: async () => {
      await supervisor.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
