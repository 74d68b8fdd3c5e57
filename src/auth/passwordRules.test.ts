import { checkNewPassword } from './passwordRules';

const owner = { username: 'Ana Maria', email: 'ana.maria@example.org' };

describe('checkNewPassword', () => {
  it.each([
    ['seven characters', '1234567', 'must have 8 characters at least'],
    ['seven characters of two code units each', '🔑'.repeat(7), 'must have 8 characters at least'],
    ['more than 1000', 'x'.repeat(1001), 'must have 1000 characters at most'],
    ['the name', 'ana maria', 'must be neither the username nor the e-mail address'],
    ['the address', 'Ana.Maria@example.org', 'must be neither'],
    ['what stands before its @', 'ANA.MARIA', 'must be neither'],
  ])('refuses %s', (_, password, rule) => {
    expect(() => checkNewPassword(password, owner)).toThrow(`password: ${rule}`);
  });

  it.each(['12345678', 'șțăîâșță', 'x'.repeat(1000), '  spaces  '])('takes %s', (password) =>
    expect(() => checkNewPassword(password, owner)).not.toThrow(),
  );

  it('takes shorter ones where the operator allows them', () => {
    expect(() => checkNewPassword('x', owner, 1)).not.toThrow();
  });
});
