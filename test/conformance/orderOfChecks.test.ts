import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { ask, nobodysId, person } from './wire';

jest.setTimeout(180_000);

/** More MiB than any disk has: to the API every disk is nearly full. */
const fullDisk = { TRAINYARD_LEAST_FREE_MB: String(2 ** 30) };

let parts: Parts;
let ann: ApiClient;
/** Base models. None of them is trained: nobody works here. */
let bases: Record<'own' | 'ownDoc' | 'bens' | 'bensDoc', string>;
let upload: string;
let bensUpload: string;

interface Request {
  token?: string | undefined;
  body: Record<string, unknown>;
}

const sources = (path: string) => ({ supervised_files: [{ path, location: 'upload' }] });

function good(): Request {
  return {
    token: ann.token,
    body: {
      model_name: 'new',
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 3 },
      data: sources(upload),
    },
  };
}

const basedOn = (id: string) => ({ base_model_id: id, model_options: undefined });

/** What can be wrong with a request, in the order in which it is looked for. */
const faults = {
  token: { breaks: { token: undefined }, says: [401, /token/] },
  disk: { breaks: {}, says: [507, /are free where Trainyard keeps its data/] },
  json: { breaks: { model_name: 7 }, says: [400, /error parsing request body/] },
  option: {
    breaks: { train_options: { test_split: 2 } },
    says: [422, /unable to start nlp-text training, found the following errors:.*test_split/s],
  },
  uploadId: { breaks: () => ({ data: sources('x') }), says: [400, /invalid uuid 'x'/] },
  upload: {
    breaks: () => ({ data: sources(nobodysId) }),
    says: [404, /invalid uploads specified: upload .* does not exist/],
  },
  bensUpload: {
    breaks: () => ({ data: sources(bensUpload) }),
    says: [403, /invalid uploads specified: /],
  },
  name: { breaks: { model_name: 'taken' }, says: [409, /a model with name taken already exists/] },
  base: { breaks: () => basedOn(nobodysId), says: [404, /base model .* does not exist/] },
  baseType: { breaks: () => basedOn(bases.ownDoc), says: [422, /base model has type nlp-doc/] },
  bensBase: { breaks: () => basedOn(bases.bens), says: [403, /permission/] },
  baseStatus: {
    breaks: () => basedOn(bases.own),
    says: [422, /training is starting, it must be completed before use as base model/],
  },
  bensBaseOfAnotherType: {
    breaks: () => basedOn(bases.bensDoc),
    says: [422, /base model has type nlp-doc/],
  },
} satisfies Record<string, { breaks: object | (() => object); says: [number, RegExp] }>;

type Fault = keyof typeof faults;

async function reply(...broken: Fault[]) {
  const { token, body } = good();
  const request: Request = { token, body };
  for (const fault of broken) {
    const { breaks } = faults[fault];
    if (fault === 'token') request.token = undefined;
    else Object.assign(request.body, typeof breaks === 'function' ? breaks() : breaks);
  }
  return ask(parts.url('api'), 'POST', '/api/v2/train/nlp-text', request);
}

function expected(fault: Fault) {
  const [status, text] = faults[fault].says;
  return { status, text: expect.stringMatching(text) as string };
}

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api'] });
  ann = await person(parts, 'ann');
  const ben = await person(parts, 'ben');
  const file = { name: 'train.csv', content: textsCsv({ rows: 30, classes: 2, seed: 5 }) };
  upload = await ann.upload([file]);
  bensUpload = await ben.upload([file]);
  const doc = { doc_classification: true };
  bases = {
    own: await ann.trainText('taken', upload),
    ownDoc: await ann.trainText('doc', upload, doc),
    bens: await ben.trainText('base', bensUpload),
    bensDoc: await ben.trainText('doc', bensUpload, doc),
  };
});
afterAll(() => parts?.stop());

describe('of two things that are wrong with a training, the first is told:', () => {
  const neighbours: [Fault, Fault][] = [
    ['token', 'json'],
    ['json', 'option'],
    ['option', 'uploadId'],
    ['option', 'upload'],
    ['option', 'bensUpload'],
    ['uploadId', 'name'],
    ['upload', 'name'],
    ['bensUpload', 'name'],
    ['name', 'base'],
    ['name', 'baseType'],
    ['name', 'bensBase'],
    ['name', 'baseStatus'],
  ];
  it.each(neighbours)('%s before %s', async (first, second) => {
    expect(await reply(first, second)).toMatchObject(expected(first));
    expect(await reply(second)).toMatchObject(expected(second));
  });

  // One base that has both faults: all of them are still `starting`.
  it('baseType before bensBase', async () => {
    expect(await reply('bensBaseOfAnotherType')).toMatchObject(expected('baseType'));
    expect(await reply('bensBase')).toMatchObject(expected('bensBase'));
  });

  it.each(['baseType', 'bensBase'] as const)('%s before baseStatus', async (first) => {
    expect(await reply(first)).toMatchObject(expected(first));
    expect(await reply('baseStatus')).toMatchObject(expected('baseStatus'));
  });

  it('token before disk before json', async () => {
    await parts.stopPart('api');
    await parts.startPart('api', fullDisk);
    expect(await reply('token', 'json')).toMatchObject(expected('token'));
    expect(await reply('json', 'option')).toMatchObject(expected('disk'));
    expect(await reply()).toMatchObject(expected('disk'));
  });
});
