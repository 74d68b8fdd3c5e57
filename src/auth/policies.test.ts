import { effectivePermission, type AccessFacts, type Permission } from './policies';

type Role = 'administrator' | 'owner' | 'team administrator' | 'team member' | 'outsider';

const facts: Record<Role, Pick<AccessFacts, 'owner_id' | 'team_role'> & { is_admin: boolean }> = {
  administrator: { is_admin: true, owner_id: 'other', team_role: null },
  owner: { is_admin: false, owner_id: 'me', team_role: null },
  'team administrator': { is_admin: false, owner_id: 'other', team_role: 'admin' },
  'team member': { is_admin: false, owner_id: 'other', team_role: 'member' },
  outsider: { is_admin: false, owner_id: 'other', team_role: null },
};

/** What each role may, with a default permission of read and of write. */
const expected: Record<AccessFacts['access'], Record<Role, [Permission, Permission]>> = {
  private: {
    administrator: ['owner', 'owner'],
    owner: ['owner', 'owner'],
    'team administrator': ['none', 'none'],
    'team member': ['none', 'none'],
    outsider: ['none', 'none'],
  },
  protected: {
    administrator: ['owner', 'owner'],
    owner: ['owner', 'owner'],
    'team administrator': ['owner', 'owner'],
    'team member': ['read', 'write'],
    outsider: ['none', 'none'],
  },
  public: {
    administrator: ['owner', 'owner'],
    owner: ['owner', 'owner'],
    'team administrator': ['read', 'write'],
    'team member': ['read', 'write'],
    outsider: ['read', 'write'],
  },
};

const cases = Object.entries(expected).flatMap(([access, roles]) =>
  Object.entries(roles).flatMap(([role, [read, write]]) => [
    [access, role, 'read', read] as const,
    [access, role, 'write', write] as const,
  ]),
);

describe('effectivePermission', () => {
  it.each(cases)('on a %s model, the %s with default %s has %s', (access, role, preset, result) => {
    const { is_admin, owner_id, team_role } = facts[role as Role];
    const model = { access, default_permission: preset, owner_id, team_id: 'team', team_role };
    expect(effectivePermission({ id: 'me', is_admin }, model as AccessFacts)).toBe(result);
  });

  it('grants nothing on a protected model that lost its team', () => {
    const model: AccessFacts = {
      access: 'protected',
      default_permission: 'write',
      owner_id: 'other',
      team_id: null,
      team_role: 'admin',
    };
    expect(effectivePermission({ id: 'me', is_admin: false }, model)).toBe('none');
  });
});
