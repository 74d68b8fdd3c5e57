import { pieces, score } from './testing/pieces';

const addresses = (text: string) => pieces('IPADDRESS', text);

test.each([
  '192.168.1.1',
  '0.0.0.0',
  '255.255.255.255',
  '::1',
  '2001:db8::1',
  'FE80::1',
  '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  '::ffff:192.168.1.1',
  '2001:db8::',
])('%s is an IP address', (address) => {
  expect(addresses(address)).toEqual([address]);
  expect(addresses(`[${address}]:8080, ${address}/24 and host ${address}.`)).toEqual(
    Array(3).fill(address),
  );
});

test('a label before a colon, or a colon behind it, is not part of an address', () => {
  expect(addresses('address:10.0.0.1: host:2001:db8::1: dead')).toEqual([
    '10.0.0.1',
    '2001:db8::1',
  ]);
});

test.each([
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  'v1.2.3.4',
  '1.2.3.4b',
  '01.02.03.004',
  '12:30:45',
  '00:1a:2b:3c:4d:5e',
  '1:2:3:4:5:6:7:8:9',
  '2001:db8::1::2',
  '12345::1',
  '::1g',
  'std::1',
  'abc::def',
  '::',
])('%s is none', (text) => {
  expect(addresses(text)).toEqual([]);
});

test('an IP address scores 0.6, and more beside its words', () => {
  expect(score('IPADDRESS', '10.0.0.1')).toBeCloseTo(0.6);
  expect(score('IPADDRESS', 'IP address: 10.0.0.1')).toBeCloseTo(1.1);
});
