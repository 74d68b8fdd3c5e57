import { findRuleMatches } from '.';
import { pieces, score } from './testing/pieces';

const phones = (text: string) => pieces('PHONENUMBER', text);

test.each([
  '555-123-4567',
  '(555) 123-4567',
  '(555)123-4567',
  '555.123.4567',
  '5552345678',
  '1-800-555-0199',
  '+1 (555) 123-4567',
  '555-123-4567 ext. 12',
  '555-123-4567x9',
  '+40 721 234 567',
  '+40721234567',
  '0040 721 234 567',
  '0721 234 567',
  '020 7946 0958',
  '+44 (0)20 7946 0958',
  '06 12 34 56 78',
  '(030) 1234 5678',
  '030/12345678',
])('%s is a phone number', (number) => {
  expect(phones(number)).toEqual([number]);
  expect(phones(`Ask at ${number}, please.`)).toEqual([number]);
});

test.each([
  ['too short', '+40 721 23 45'],
  ['too long', '+1234567890123456'],
  ['with letters', '555-123-4567abc 1-800-FLOWERS99'],
  ['a list of numbers', '1 2 3 4 5 6 7 8 9 10 11 12 call'],
  ['a date with a time', 'call on 2023-01-15 1030 or 15.01.2023 1030'],
  ['a decimal number', 'call 3.14159265358'],
  ['an IP address', 'call 192.168.100.100'],
  ['part of an address', 'call 5551234567@example.com'],
])('a number %s is no phone', (_, text) => {
  expect(phones(text)).toEqual([]);
});

test('digits that any number may have need a word that names a phone', () => {
  expect(phones('In 2019 2020 2021 and order 1700000000')).toEqual([]);
  expect(phones('mobile 98765 43210')).toEqual(['98765 43210']);
});

test('two numbers side by side are two', () => {
  const numbers = ['555 123 4567', '555 987 6543', '0721 234 567', '0722 345 678'];
  expect(phones(numbers.join(' '))).toEqual(numbers);
});

test('a year before a number is not part of it', () => {
  expect(phones('since 2023 0721 234 567')).toEqual(['0721 234 567']);
});

test('no group of digits in an IBAN is a phone number, whether IBANs are asked for or not', () => {
  const text = 'phone GB82 WEST 1234 5698 7654 32';
  expect(phones(text)).toEqual([]);
  expect(findRuleMatches(text, ['PHONENUMBER', 'IBAN']).map(({ tag }) => tag)).toEqual(['IBAN']);
});

test('a phone number scores 0.5, and more beside its words', () => {
  expect(score('PHONENUMBER', '555-123-4567')).toBeCloseTo(0.5);
  expect(score('PHONENUMBER', 'Phone: 555-123-4567')).toBeCloseTo(0.9);
});
