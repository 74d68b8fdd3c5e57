import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type request from 'supertest';
import { fromBuffer } from 'yauzl';
import { publishTree } from '../../../src/artifacts/trees/tree';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../testing/testApi';

const files = {
  'model/manifest.json': Buffer.from('{"labels": []}'),
  'model/model.onnx': Buffer.alloc(3_000_000, 'onnx '),
  'model/empty.txt': Buffer.alloc(0),
  'report/report.json': Buffer.from('{}'),
};

describe('GET /api/v2/model/{model_id}/download', () => {
  let api: TestApi;
  let owner: Person;
  let model: string;
  beforeAll(async () => {
    api = await testApi();
    owner = await api.person();
    model = await api.model(owner, 'filtru "țintă"');
    const folder = mkdtempSync(join(tmpdir(), 'trainyard-bundle-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const tree = await publishTree(api.deps.store, `runs/${model}/`, folder);
    rmSync(folder, { recursive: true });
    await api.deps.database.query(
      `UPDATE model SET bundle = $2, attributes = '{"size": "3"}', train_status = 'complete'
       WHERE id = $1`,
      [model, JSON.stringify({ tree, path: 'model' })],
    );
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const download = (id: string) =>
    api.as(owner).get(`/api/v2/model/${id}/download`).buffer(true).parse(bytes);

  it('is a zip of the bundle and its metadata, under the name of the model', async () => {
    const reply = await download(model).expect(200);
    expect(reply.headers['content-type']).toBe('application/zip');
    expect(reply.headers['content-disposition']).toBe(
      `attachment; filename="${model}.zip"; filename*=UTF-8''filtru%20%22%C8%9Bint%C4%83%22.zip`,
    );
    const entries = await unzip(reply.body as Buffer);
    expect(Object.keys(entries).sort()).toEqual([
      'empty.txt',
      'manifest.json',
      'metadata.json',
      'model.onnx',
    ]);
    expect(entries['model.onnx']!.equals(files['model/model.onnx'])).toBe(true);
    expect(JSON.parse(entries['metadata.json']!.toString())).toEqual({
      Type: 'nlp-text',
      Attributes: { size: '3' },
    });
  });

  it('is the same bytes each time', async () => {
    const [one, two] = [await download(model), await download(model)];
    expect((one.body as Buffer).equals(two.body as Buffer)).toBe(true);
  });

  it('breaks off when stored bytes are damaged', async () => {
    const damaged = Buffer.alloc(files['model/model.onnx'].length, 'x');
    const { store } = api.deps;
    for await (const key of store.list(`runs/${model}/`)) {
      if ((await store.size(key)) === damaged.length) await store.put(key, damaged, 'text/plain');
    }
    await expect(download(model)).rejects.toThrow('aborted');
  });

  it('answers 422 for a model that is not trained', async () => {
    const untrained = await api.model(owner);
    const reply = await api.as(owner).get(`/api/v2/model/${untrained}/download`).expect(422);
    expect(reply.text).toContain('this one is not_started');
  });
});

function bytes(
  response: request.Response,
  done: (error: Error | null, body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

function unzip(content: Buffer): Promise<Record<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const entries: Record<string, Buffer> = {};
    fromBuffer(content, { lazyEntries: true }, (failure, zip) => {
      if (failure) return reject(failure);
      zip.on('end', () => resolve(entries));
      zip.on('error', reject);
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (error, stream) => {
          if (error) return reject(error);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            entries[entry.fileName] = Buffer.concat(chunks);
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
