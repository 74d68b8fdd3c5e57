import { until } from './poll';

/** A reply that was not 200. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`${status}: ${body}`);
  }
}

export interface StatusReply {
  status: string;
  errors: string[];
  warnings: string[];
}

/** A file of an upload. */
export interface UploadFile {
  name: string;
  content: string | Uint8Array;
}

/** The v2 API as a script of a user would call it. */
export class ApiClient {
  constructor(
    readonly url: string,
    /** Sent as bearer; `login` sets it. */
    public token?: string,
  ) {}

  async signUp(username: string, email: string, password: string): Promise<string> {
    const reply = await this.post<{ user_id: string }>('/api/v2/user/signup', {
      username,
      email,
      password,
    });
    return reply.user_id;
  }

  async login(email: string, password: string): Promise<this> {
    const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    const reply = await this.send<{ access_token: string }>('/api/v2/user/login', {
      headers: { authorization },
    });
    this.token = reply.access_token;
    return this;
  }

  /** Goes on with a token of its own in place of the login's, which would end after 15 minutes. */
  async keepToken(): Promise<this> {
    const made = await this.post<{ token: string }>('/api/v2/user/tokens', { name: 'long test' });
    this.token = made.token;
    return this;
  }

  /** The id of the upload. */
  async upload(files: UploadFile[], subDir?: string): Promise<string> {
    const body = new FormData();
    for (const { name, content } of files) body.append('files', new Blob([content]), name);
    const query = subDir === undefined ? '' : `?sub_dir=${encodeURIComponent(subDir)}`;
    const path = `/api/v2/train/upload-data${query}`;
    return (await this.send<{ upload_id: string }>(path, { method: 'POST', body })).upload_id;
  }

  /** Starts a text training on an upload; the id of the model. */
  async trainText(
    name: string,
    uploadId: string,
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const body = {
      model_name: name,
      data: { supervised_files: [{ path: uploadId, location: 'upload' }] },
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 1000 },
      ...more,
    };
    return (await this.post<{ model_id: string }>('/api/v2/train/nlp-text', body)).model_id;
  }

  trainStatus(model: string): Promise<StatusReply> {
    return this.get(`/api/v2/train/${model}/status`);
  }

  /** Waits for a status of the training; fails at once when it ends in another. */
  waitForStatus(model: string, wanted: string, patienceMs = 120_000): Promise<StatusReply> {
    return until(
      `the training of ${model} is ${wanted}`,
      async () => {
        const reply = await this.trainStatus(model);
        if (reply.status === wanted) return reply;
        if (['complete', 'failed', 'stopped'].includes(reply.status)) {
          throw new Error(
            `wanted ${wanted}, but it is ${reply.status}: ${reply.errors.join('; ')}`,
          );
        }
        return undefined;
      },
      patienceMs,
    );
  }

  /** Deploys a model and waits until it answers. */
  async deploy(
    model: string,
    options: Record<string, unknown> = {},
    patienceMs = 60_000,
  ): Promise<void> {
    await this.post(`/api/v2/deploy/${model}`, options);
    await until(
      `${model} is deployed`,
      async () => {
        const { status, errors } = await this.get<StatusReply>(`/api/v2/deploy/${model}/status`);
        if (status === 'failed') throw new Error(`the deployment failed: ${errors.join('; ')}`);
        return status === 'complete';
      },
      patienceMs,
    );
  }

  predict<T>(model: string, body: Record<string, unknown>): Promise<T> {
    return this.post(`/${model}/predict`, body);
  }

  get<T>(path: string): Promise<T> {
    return this.send(path, {});
  }

  post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  /** The parsed reply. Throws `ApiError` for any status but 200. */
  async send<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    if (response.status !== 200) throw new ApiError(response.status, text.trim());
    return JSON.parse(text) as T;
  }

  /** The bare reply, whatever its status. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== undefined && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${this.token}`);
    }
    return fetch(`${this.url}${path}`, { ...init, headers });
  }
}
