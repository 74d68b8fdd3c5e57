import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeHome } from './home';

describe('closeHome', () => {
  let home: string;
  beforeEach(() => {
    home = join(mkdtempSync(join(tmpdir(), 'trainyard-home-')), 'home');
  });
  afterEach(() => {
    rmSync(join(home, '..'), { recursive: true });
  });
  const modeOf = (...path: string[]): number => statSync(join(home, ...path)).mode & 0o777;

  it('makes a home that only its owner enters', () => {
    closeHome(home, false);
    expect([modeOf(), modeOf('logs')]).toEqual([0o700, 0o700]);
  });

  it('lets the user of PostgreSQL pass, who can read nothing', () => {
    closeHome(home, true);
    expect([modeOf(), modeOf('logs')]).toEqual([0o711, 0o700]);
  });

  it('closes what an earlier version left open', () => {
    for (const name of ['work', 'serving', 'encoders'])
      mkdirSync(join(home, name), { recursive: true });
    chmodSync(home, 0o755);
    for (const name of ['ports.json', 'lock.json.1a.draft']) {
      writeFileSync(join(home, name), '', { mode: 0o644 });
    }
    closeHome(home, false);
    for (const name of ['', 'work', 'serving', 'encoders']) expect(modeOf(name)).toBe(0o700);
    for (const name of ['ports.json', 'lock.json.1a.draft']) expect(modeOf(name)).toBe(0o600);
  });

  it('leaves what is not ours as it is, and the folder that holds it', () => {
    mkdirSync(join(home, 'photos'), { recursive: true });
    for (const path of [home, join(home, 'photos')]) chmodSync(path, 0o755);
    closeHome(home, false);
    expect([modeOf(), modeOf('photos'), modeOf('logs')]).toEqual([0o755, 0o755, 0o700]);
  });
});
