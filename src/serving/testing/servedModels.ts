import { firstRow } from '../../database/database';
import { endDeployment, requestDeployment } from '../../database/models/deployments';
import type { ServingOptions } from '../serving';
import { addTrainedModel, addUser, tinyModel } from './testModel';
import { eventually, testServing, type TestServing } from './testServing';

/** An answer of `predict` as far as `topClass` reads it. */
interface Answer {
  data?: { prediction_results: { predicted_classes: [{ class: string }] } };
}

/** Models of one owner and a serving process that serves them, as a file of tests needs them. */
export class ServedModels {
  private constructor(
    readonly test: TestServing,
    private readonly owner: string,
    /** The owner's. */
    readonly token: string,
    readonly url: string,
  ) {}

  /** @param options of the serving process */
  static async start(options: Partial<ServingOptions> = {}): Promise<ServedModels> {
    const test = await testServing();
    const owner = await addUser(test.db.database);
    const { url } = await test.start({ retryMs: [10, 50], ...options });
    return new ServedModels(test, owner, test.tokens.signUser(owner), url);
  }

  /** A model that says `label` of texts with `hello`; @returns its id */
  trained(label: string): Promise<string> {
    const { db, store } = this.test;
    return addTrainedModel(db.database, store, this.owner, tinyModel('hello', label));
  }

  async deploy(modelId: string, name?: string, holder?: string): Promise<void> {
    await this.test.db.database.transaction((tx) =>
      requestDeployment(tx, { modelId, name, holder, options: {}, requestedBy: this.owner }),
    );
  }

  async undeploy(modelId: string): Promise<void> {
    await this.test.db.database.transaction((tx) => endDeployment(tx, modelId, this.owner));
  }

  async statusOf(modelId: string): Promise<string> {
    const sql = 'SELECT deploy_status FROM model WHERE id = $1';
    const db = this.test.db.database.manager;
    return (await firstRow<{ deploy_status: string }>(db, sql, [modelId]))!.deploy_status;
  }

  async isUp(modelId: string): Promise<void> {
    await eventually('the deployment is complete', async () => {
      return (await this.statusOf(modelId)) === 'complete';
    });
  }

  /** Trained, deployed and up; @returns its id */
  async deployed(label: string, name?: string): Promise<string> {
    const modelId = await this.trained(label);
    await this.deploy(modelId, name);
    await this.isUp(modelId);
    return modelId;
  }

  post(path: string, body: unknown, bearer = this.token, at = this.url): Promise<Response> {
    return fetch(at + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** The owner's request with a body of any bytes. */
  send(path: string, body: Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, ...headers },
      body: new Uint8Array(body),
    });
  }

  /** What a deployment says of `hello`, or its whole answer when that is another. */
  async topClass(path: string, at = this.url): Promise<string> {
    const response = await this.post(`/${path}/predict`, { text: 'hello' }, this.token, at);
    const body = (await response.json()) as Answer;
    return response.ok
      ? body.data!.prediction_results.predicted_classes[0].class
      : `${response.status} ${JSON.stringify(body)}`;
  }
}
