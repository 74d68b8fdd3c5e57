import { packArrays, unpackArrays, type PackedArray } from './packedArrays';

test('what was packed is unpacked, empty arrays and odd lengths too', () => {
  const arrays = new Map<string, PackedArray>([
    ['bytes', Uint8Array.of(1, 2, 3)],
    ['none', new Float64Array(0)],
    ['small', Int8Array.of(-1)],
    ['short', Uint16Array.of(65535, 7)],
    ['whole', Int32Array.of(-5, 5)],
    ['float', Float32Array.of(0.5)],
    ['double', Float64Array.of(Math.PI, -Infinity, NaN)],
  ]);
  const meta = { text: 'țară', list: [1, null] };
  const read = unpackArrays(packArrays(meta, arrays));
  expect(read.meta).toEqual(meta);
  expect([...read.arrays]).toEqual([...arrays]);
});

test('packed bytes may lie anywhere in a larger buffer', () => {
  const packed = packArrays(null, new Map([['a', Float64Array.of(1, 2)]]));
  const buffer = new Uint8Array(packed.length + 3);
  buffer.set(packed, 3);
  expect(unpackArrays(buffer.subarray(3)).arrays.get('a')).toEqual(Float64Array.of(1, 2));
});
