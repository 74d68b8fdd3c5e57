import { toHalves } from '../../onnx/float16';
import { safetensorsFile, withHeader, type TensorToWrite } from '../testing/safetensorsFile';
import { tinyConfig, tinyEncoderFiles, tinyWeights } from '../testing/tinyEncoder';
import { bufferSource } from '../../byteSource';
import { readWeights } from './readWeights';

const config = tinyConfig();
const query = 'encoder.layer.1.attention.self.query.weight';
const tensors = (): Map<string, TensorToWrite> => tinyWeights(config, 1);
const written = (): Uint8Array => tinyEncoderFiles().get('model.safetensors')!;
const check = (file: Uint8Array) => () => readWeights(bufferSource(file), config);
const values = (file: Uint8Array): Float32Array =>
  readWeights(bufferSource(file), config).get(query)!;

/** The tiny encoder's tensors with one replaced. */
function replaced(name: string, change: Partial<TensorToWrite>): Uint8Array {
  const all = tensors();
  return safetensorsFile(all.set(name, { ...all.get(name)!, ...change }));
}

describe('readWeights', () => {
  it('reads float32, float16 and bfloat16 as float32', () => {
    const exact = values(written());
    const halves = new Uint8Array(toHalves(exact).buffer);
    const asHalf = values(replaced(query, { dtype: 'F16', bytes: halves }));
    const bits = new Uint32Array(exact.buffer, exact.byteOffset, exact.length);
    const brain = new Uint8Array(Uint16Array.from(bits, (word) => word >>> 16).buffer);
    const asBrain = values(replaced(query, { dtype: 'BF16', bytes: brain }));
    for (const [i, value] of exact.entries()) {
      expect(Math.abs(asHalf[i]! - value)).toBeLessThanOrEqual(Math.abs(value) / 2048 + 1e-7);
      expect(Math.abs(asBrain[i]! - value)).toBeLessThanOrEqual(Math.abs(value) / 128);
    }
    expect(exact.some((value) => value !== 0)).toBe(true);
  });

  it("reads a model with a head: a prefix, TensorFlow's names, a pooler and constant ids", () => {
    const old = [...tensors()].map(
      ([name, tensor]) =>
        [
          `bert.${name.replace(/(LayerNorm)\.weight$/, '$1.gamma').replace(/(LayerNorm)\.bias$/, '$1.beta')}`,
          tensor,
        ] as const,
    );
    const ids = { dtype: 'I64', shape: [1, 2], bytes: new Uint8Array(16) };
    const all = new Map<string, TensorToWrite>([
      ...old,
      ['bert.embeddings.position_ids', ids],
      ['bert.pooler.dense.bias', { dtype: 'F64', shape: [1], bytes: new Uint8Array(8) }],
    ]);
    expect(values(safetensorsFile(all))).toEqual(values(written()));
  });

  it('names a tensor that is missing, with its shape', () => {
    const all = tensors();
    all.delete(query);
    expect(check(safetensorsFile(all))).toThrow(
      `model.safetensors: tensor "${query}" is missing; expected shape [32, 32]`,
    );
  });

  it('names a tensor of a wrong shape or dtype', () => {
    expect(check(replaced(query, { shape: [16, 64] }))).toThrow(
      `tensor "${query}" has shape [16, 64]; expected [32, 32]`,
    );
    const wide = new Uint8Array(32 * 32 * 8);
    expect(check(replaced(query, { dtype: 'F64', bytes: wide }))).toThrow(
      `tensor "${query}" has dtype F64; expected F32, F16, BF16`,
    );
    expect(check(replaced(query, { dtype: 'Q4' }))).toThrow(`"${query}.dtype" is "Q4"; expected`);
  });

  it('names a tensor that the encoder does not have', () => {
    const extra = tensors().set('encoder.layer.2.output.dense.bias', tensors().get(query)!);
    expect(check(safetensorsFile(extra))).toThrow(
      'tensor "encoder.layer.2.output.dense.bias" belongs to no bert of 2 layers',
    );
  });

  it('names a tensor with numbers that are not finite', () => {
    const broken = values(written()).slice();
    broken[7] = NaN;
    const file = replaced(query, { bytes: new Uint8Array(broken.buffer) });
    expect(() => values(file)).toThrow(`tensor "${query}" has NaN at place 7`);
  });

  it('refuses a file that is cut short anywhere', () => {
    const file = written();
    for (const length of [0, 7, 8, 9, 200, file.length >> 1, file.length - 1]) {
      expect(check(file.slice(0, length))).toThrow(/model\.safetensors: .*cut short/);
    }
    expect(check(Buffer.concat([file, Buffer.from('x')]))).toThrow('where the last tensor ends');
  });

  it('refuses a pickle, whose first bytes claim an impossible header', () => {
    expect(check(Buffer.from(`PK\x03\x04${'\0'.repeat(100)}archive/data.pkl`))).toThrow(
      'no safetensors file',
    );
  });

  it.each([[2n ** 63n], [2n ** 24n + 8n], [1n], [0n]])(
    'refuses a header of %d bytes',
    (claimed) => {
      expect(check(withHeader('{}', new Uint8Array(100), claimed))).toThrow('its header claims');
    },
  );

  it.each([
    ['a gap', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', 'starts at byte'],
    [
      'an overlap',
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      'tensor "b" starts at byte',
    ],
    ['an end before the start', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[4,3]}}', 'in this'],
    ['too few bytes', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', '8 bytes for F32'],
    [
      'an enormous shape',
      '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}',
      'bytes for F32',
    ],
    ['a fraction', '{"a":{"dtype":"U8","shape":[0.5],"data_offsets":[0,4]}}', 'whole numbers'],
    ['a negative', '{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,4]}}', 'whole numbers'],
    [
      'a name twice',
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\\u0061":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      'tensor "a" is there twice',
    ],
    ['no JSON', '{"a"', 'is not JSON'],
    ['a list', '[1,2,3]', 'expected an object'],
  ])('refuses a header with %s', (_, header, message) => {
    expect(check(withHeader(header, new Uint8Array(4)))).toThrow(message);
  });
});
