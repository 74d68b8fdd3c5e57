import { findRuleMatches, ruleTagNames } from '.';
import { pieces, score } from './testing/pieces';

const ibans = (text: string) => pieces('IBAN', text);

/** Examples of the registry. */
const examples = [
  'BE68539007547034',
  'BR1800360305000010009795493C1',
  'CH9300762011623852957',
  'DE89370400440532013000',
  'ES9121000418450200051332',
  'FR1420041010050500013M02606',
  'GB29NWBK60161331926819',
  'IT60X0542811101000000123456',
  'LC55HEMM000100010012001200023015',
  'MT84MALT011000012345MTLCAST001S',
  'NL91ABNA0417164300',
  'NO9386011117947',
  'PL61109010140000071219812874',
  'RO49AAAA1B31007593840000',
  'SA0380000000608010167519',
  'SE4550000000058398257466',
];
const printed = (iban: string) => iban.match(/.{1,4}/g)!.join(' ');

test.each(examples)('%s is an IBAN, printed in groups too, with nothing else in it', (iban) => {
  for (const form of [iban, printed(iban), iban.toLowerCase(), printed(iban).replace(/ /g, '-')]) {
    const [match, ...others] = findRuleMatches(form, ruleTagNames);
    expect(match).toMatchObject({ start: 0, end: form.length, tag: 'IBAN' });
    expect(others).toEqual([]);
  }
});

test.each([
  ['a wrong check digit', 'DE88370400440532013000'],
  ['two digits that changed places', 'DE89370400440532010300'],
  ['a character less', 'NO938601111794'],
  ['a character more', 'NO93860111179470'],
  ['another country', 'NL89370400440532013000'],
  ['a country without IBANs', 'US89370400440532013000'],
  ['a letter before it', 'xDE89370400440532013000'],
])('an IBAN with %s is none', (_, text) => {
  expect(ibans(text)).toEqual([]);
});

test('words around an IBAN are not part of it', () => {
  const text = 'Pay to de89 3704 0044 0532 0130 00 is what they said 12';
  expect(ibans(text)).toEqual(['de89 3704 0044 0532 0130 00']);
});

test('a sentence whose letters happen to pass the check is no IBAN', () => {
  const letters = (check: string) => `no${check} it is what we had`;
  const all = Array.from({ length: 100 }, (_, i) => letters(String(i).padStart(2, '0')));
  expect(ibans(all.join('. '))).toEqual([]);
});

test('an IBAN scores 0.9, and more beside its words', () => {
  expect(score('IBAN', 'DE89370400440532013000')).toBeCloseTo(0.9);
  expect(score('IBAN', 'IBAN: DE89370400440532013000')).toBeCloseTo(1.5);
  expect(score('IBAN', 'İBAN DE89370400440532013000')).toBeCloseTo(1.5);
});
