import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach } from './account';

describe('canReach', () => {
  const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
  let folder: string;
  beforeEach(() => {
    // mkdtemp makes folders of mode 0700.
    folder = mkdtempSync(join(tmpdir(), 'trainyard-account-'));
    mkdirSync(join(folder, 'inside'), { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('says no for another user below a folder of mode 0700, also for what is not there yet', () => {
    expect(canReach(join(folder, 'inside'), stranger)).toBe(false);
    expect(canReach(join(folder, 'inside', 'later'), stranger)).toBe(false);
  });

  it('says yes once every folder on the way may be entered', () => {
    chmodSync(folder, 0o711);
    expect(canReach(join(folder, 'inside', 'later'), stranger)).toBe(canReach(tmpdir(), stranger));
  });

  it('says yes for ourselves', () => {
    expect(canReach(join(folder, 'inside'), undefined)).toBe(true);
  });
});
