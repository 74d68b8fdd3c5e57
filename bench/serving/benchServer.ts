import { spawn } from 'node:child_process';
import { request, type Agent } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A serving process of its own. */
export interface BenchServer {
  url: string;
  /** One of each user. */
  tokens: string[];
  stop(): Promise<void>;
}

/**
 * Starts `server.ts` and waits until every model answers.
 * @param models folders that train stages left, by the name to deploy them under
 */
export async function startBenchServer(
  home: string,
  users: number,
  models: Record<string, string>,
): Promise<BenchServer> {
  const named = Object.entries(models).map(([name, folder]) => `${name}=${folder}`);
  const server = spawn(
    process.execPath,
    [join(__dirname, 'server.js'), home, String(users), ...named],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  for await (const line of createInterface({ input: server.stdout })) {
    if (!line.includes('"url"')) continue;
    return {
      ...(JSON.parse(line) as Pick<BenchServer, 'url' | 'tokens'>),
      stop: async () => {
        server.stdin.end();
        await ended;
      },
    };
  }
  throw new Error('the serving process ended before it was ready');
}

/** One request, answered with 200 or else rejected; the answer is read and thrown away. */
export function ask(
  url: string,
  token: string,
  agent: Agent,
  body: string,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const options = { method: 'POST', agent, headers, ...(signal ? { signal } : {}) };
    const asked = request(url, options, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
