import type { Mail } from './mails';

/** What anybody could do with curl: the demo knows the platform only through its REST API. */
export class DemoClient {
  private token = '';

  constructor(private readonly origin: string) {}

  /** Signs up and trades the short-lived token for one that lasts as long as the demo. */
  async signUp(username: string, password: string): Promise<void> {
    const email = `${username}@example.org`;
    await this.send('POST', '/api/v2/user/signup', { username, email, password });
    const basic = Buffer.from(`${email}:${password}`).toString('base64');
    const login = await fetch(`${this.origin}/api/v2/user/login`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    this.token = ((await answerOf(login)) as { access_token: string }).access_token;
    const made = await this.send('POST', '/api/v2/user/tokens', {
      name: 'demo',
      expires_in_days: 1,
    });
    this.token = (made as { token: string }).token;
  }

  /** Uploads mails with their folders; the reply names the upload. */
  async upload(mails: readonly Mail[]): Promise<string> {
    const form = new FormData();
    for (const { name, content } of mails)
      form.append('files', new Blob([new Uint8Array(content)]), name);
    const reply = await fetch(`${this.origin}/api/v2/train/upload-data`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token}` },
      body: form,
    });
    return ((await answerOf(reply)) as { upload_id: string }).upload_id;
  }

  get<T>(path: string): Promise<T> {
    return this.send('GET', path) as Promise<T>;
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.send('POST', path, body) as Promise<T>;
  }

  /** A page as it is. */
  async page(path: string): Promise<string> {
    const reply = await fetch(`${this.origin}${path}`, {
      headers: { Authorization: `Bearer ${this.token}` },
    });
    if (!reply.ok) throw new Error(`${reply.status} from ${path}`);
    return reply.text();
  }

  private async send(method: string, path: string, body?: unknown): Promise<unknown> {
    return answerOf(
      await fetch(`${this.origin}${path}`, {
        method,
        headers: {
          ...(this.token === '' ? {} : { Authorization: `Bearer ${this.token}` }),
          'Content-Type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }
}

async function answerOf(reply: Response): Promise<unknown> {
  const text = await reply.text();
  if (reply.ok) return JSON.parse(text);
  throw new Error(`${reply.status} from ${new URL(reply.url).pathname}: ${text.trim()}`);
}
