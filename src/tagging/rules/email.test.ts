import { pieces, score } from './testing/pieces';

const emails = (text: string) => pieces('EMAIL', text);

test.each([
  'ann@example.com',
  'Ann.Lee+news@mail.example.co.uk',
  "o'brien@example.ie",
  'a_b-c%d@ex-ample.org',
  'josé@exämple.de',
  'почта@пример.рф',
  'x@xn--exmple-cua.xn--p1ai',
])('%s is an e-mail address', (address) => {
  expect(emails(address)).toEqual([address]);
  expect(emails(`Write to <${address}>, '${address}' or ${address}.`)).toEqual(
    Array(3).fill(address),
  );
});

test.each([
  'ann@',
  '@example.com',
  'ann@example',
  'ann@example.',
  'ann@@example.com',
  'ann@-example.com',
  'ann@example.c',
  'ann@10.0.0.1',
  'ann.@example.com',
  'ann @ example.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.com`,
  `a@${'b.'.repeat(130)}com`,
])('%s is none', (text) => {
  expect(emails(text)).toEqual([]);
});

test('dots of the sentence and text without spaces around an address are not part of it', () => {
  expect(emails('联系a@b.com谢谢 hmm...c@d.org...')).toEqual(['a@b.com', 'c@d.org']);
});

test('an e-mail address scores 0.6, and more beside its words', () => {
  expect(score('EMAIL', 'ann@example.com')).toBeCloseTo(0.6);
  expect(score('EMAIL', 'E-mail: ann@example.com')).toBeCloseTo(1);
});
