import { findRuleMatches } from '.';
import { passesLuhn } from './luhn';
import { pieces, score } from './testing/pieces';

const cards = (text: string) => pieces('CREDITCARDNUMBER', text);
const codes = (text: string) => pieces('CREDITCARDCVV', text);

test('the Luhn check finds one wrong digit and two that changed places', () => {
  const numbers = ['79927398713', '79927398714', '97927398713'];
  expect(numbers.map(passesLuhn)).toEqual([true, false, false]);
});

test.each([
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '4111111111111111',
  '4111\u00A01111\u00A01111\u00A01111',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '3782 822463 10005',
  '3056 930902 5904',
  '6011111111111117',
  '3530111333300000',
  '5018 0000 0009',
])('%s is a card number', (number) => {
  expect(cards(number)).toEqual([number]);
  expect(cards(`Paid (${number}).`)).toEqual([number]);
});

test.each([
  ['of a wrong check digit', '4111 1111 1111 1112'],
  ['of eleven digits', '41111111116'],
  ['of twenty digits', '41111111111111111115'],
  ['in a longer word', 'x4111111111111111 4111111111111111x'],
  ['behind a decimal point', '0.4111111111111111'],
  ['joined to more digits', '4111-1111-1111-1111-22'],
  ['of no network', '1234567812345670'],
  ['in full-width digits', '４１１１１１１１１１１１１１１１'],
])('a number %s is no card', (_, text) => {
  expect(cards(text)).toEqual([]);
});

test('digits that follow a card number are not part of it', () => {
  expect(cards('4111 1111 1111 1111 123 and 12 5555 5555 5555 4444')).toEqual([
    '4111 1111 1111 1111',
    '5555 5555 5555 4444',
  ]);
});

test('a card number scores 1.8, and more beside its words', () => {
  expect(score('CREDITCARDNUMBER', '4111111111111111')).toBeCloseTo(1.8);
  expect(score('CREDITCARDNUMBER', 'Visa card 4111111111111111')).toBeCloseTo(2.6);
});

test('a card code needs a word that names it', () => {
  expect(codes('4111 1111 1111 1111, CVV: 123')).toEqual(['123']);
  expect(codes('security code 1234')).toEqual(['1234']);
  expect(codes('We sold 123 of them')).toEqual([]);
  expect(codes('My card was charged 350 dollars')).toEqual([]);
});

test('an expiry date, a year, an amount or a group of the card number is no card code', () => {
  expect(codes('card 4111 1111 1111 1111 exp 12/2027 or 2028 cvv 987, $350 and 1,234')).toEqual([
    '987',
  ]);
});

test('no part of a card number is another tag', () => {
  const text = 'account phone 4111 1111 1111 1111 or 4111111111111111 passport driver license';
  const tags = ['PHONENUMBER', 'BANK_NUMBER', 'USDRIVERSLICENSE', 'CREDITCARDCVV', 'SSN'];
  expect(findRuleMatches(text, tags)).toEqual([]);
});
