import { emailAddress, emailKey } from './emailAddress';

describe('emailAddress', () => {
  it.each([
    'ana@example.org',
    'a@b.c',
    'root@localhost',
    'ana+tag@sub.example.co.uk',
    "o'neil@example.org",
    'țară@example.org',
    'иван@почта.рф',
    'x@xn--80a1acny.xn--p1ai',
  ])('may be %s', (address) => expect(emailAddress(` ${address} `)).toBe(address));

  it.each([
    ['no @', 'ana'],
    ['nothing before it', '@example.org'],
    ['nothing after it', 'ana@'],
    ['two', 'a@b@c.d'],
    ['a space', 'an a@example.org'],
    ['a colon', 'a:b@example.org'],
    ['a line break inside', 'ana@exam\nple.org'],
    ['a zero-width space', 'an\u200ba@example.org'],
    ['an empty label', 'ana@example..org'],
    ['a dot at the end', 'ana@example.org.'],
    ['markup', '<ana@example.org>'],
    ['too many characters', `ana@${'x'.repeat(260)}`],
    ['nothing', ''],
  ])('is not one with %s', (_, text) => {
    expect(() => emailAddress(text)).toThrow('email: allowed is an address like name@example.org');
  });
});

describe('emailKey', () => {
  it.each([
    ['Ana@Example.ORG', 'ana@example.org'],
    ['аna@example.org', 'ana@example.org'],
    ['ana@exаmple.org', 'ana@example.org'],
    ['x@почта.рф', 'x@xn--80a1acny.xn--p1ai'],
    [' ana@example.org', 'ana@example.org'],
  ])('is one for %s and %s', (one, other) => expect(emailKey(one)).toBe(emailKey(other)));

  it.each([
    ['jo1@example.org', 'jol@example.org'],
    ['ana@example.org', 'ana@example.com'],
    ['ana', 'ana@example.org'],
  ])('is two for %s and %s', (one, other) => expect(emailKey(one)).not.toBe(emailKey(other)));
});
