import { pieces, score } from './testing/pieces';

test('a social security number has three, two and four digits between dashes or spaces', () => {
  expect(pieces('SSN', '123-45-6789, 123 45 6789 and 899–99–9999.')).toEqual([
    '123-45-6789',
    '123 45 6789',
    '899–99–9999',
  ]);
  const others = '123-45 6789, 123456789, 1123-45-6789, 123-45-67890, 123-45-6789-1, a123-45-6789';
  expect(pieces('SSN', others)).toEqual([]);
});

test.each(['000-12-3456', '666-12-3456', '900-12-3456', '123-00-4567', '123-45-0000'])(
  '%s was never given out',
  (number) => {
    expect(pieces('SSN', number)).toEqual([]);
  },
);

test('a social security number scores 0.6, and more beside its words', () => {
  expect(score('SSN', '123-45-6789')).toBeCloseTo(0.6);
  expect(score('SSN', 'SSN 123-45-6789')).toBeCloseTo(1.3);
});

test('a medical licence has the check digit of the DEA', () => {
  expect(pieces('MEDICAL_LICENSE', 'AB1234563 b91234563')).toEqual(['AB1234563', 'b91234563']);
  expect(pieces('MEDICAL_LICENSE', 'AB1234564 AB12345633 QB1234563 1B1234563')).toEqual([]);
  expect(score('MEDICAL_LICENSE', 'AB1234563')).toBeCloseTo(0.3);
  expect(score('MEDICAL_LICENSE', 'DEA number AB1234563')).toBeCloseTo(1);
});

test('a bank number is a routing number, or one that a word names', () => {
  expect(pieces('BANK_NUMBER', '021000021 and order 021000022 or 12345678')).toEqual(['021000021']);
  expect(score('BANK_NUMBER', '021000021')).toBeCloseTo(0.3);
  expect(pieces('BANK_NUMBER', 'account_number: 12345678')).toEqual(['12345678']);
  expect(pieces('BANK_NUMBER', 'account 1234567, 123456789012345678, on 20240229')).toEqual([]);
});

test('a passport number is nine digits, or a letter and eight, that a word names', () => {
  expect(pieces('USPASSPORT', '123456789 and A12345678')).toEqual([]);
  expect(pieces('USPASSPORT', 'Passports: 123456789, A12345678')).toEqual([
    '123456789',
    'A12345678',
  ]);
  expect(pieces('USPASSPORT', 'passport 12345678, AB1234567, 1234567890')).toEqual([]);
});

test.each([
  'D1234567',
  'D123-456-78-901-0',
  '12345678',
  'WDLABCD456DG',
  '12ABC34567',
  '123 456 789',
])('a driver’s license such as %s needs a word that names it', (number) => {
  expect(pieces('USDRIVERSLICENSE', number)).toEqual([]);
  expect(pieces('USDRIVERSLICENSE', `software license ${number}`)).toEqual([]);
  expect(pieces('USDRIVERSLICENSE', `driver’s license ${number}`)).toEqual([number]);
});
