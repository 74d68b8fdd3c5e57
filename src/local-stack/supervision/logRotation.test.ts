import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotateLog } from './logRotation';

describe('rotateLog', () => {
  let folder: string;
  let path: string;
  const said: string[] = [];
  const rotate = (): Promise<void> => rotateLog(path, (line) => said.push(line), 100);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trainyard-rotation-'));
    path = join(folder, 'api.log');
    said.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('bounds a log that is written all the time through one open file', async () => {
    const log = openSync(path, 'a', 0o600);
    for (let line = 0; line < 100; line++) {
      writeSync(log, `line ${line}: ${'x'.repeat(50)}\n`);
      await rotate();
      expect(statSync(path).size).toBeLessThanOrEqual(100);
    }
    closeSync(log);
    const kept = `${readFileSync(`${path}.1`, 'utf8')}${readFileSync(path, 'utf8')}`;
    expect(kept).toMatch(/^line \d/);
    expect(kept).toContain('line 99');
    expect(statSync(`${path}.1`).mode & 0o777).toBe(0o600);
    expect(said).toEqual([]);
  });

  it('leaves a log that is small, and one that is not there', async () => {
    await rotate();
    writeFileSync(path, 'short\n');
    await rotate();
    expect(readFileSync(path, 'utf8')).toBe('short\n');
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  it('empties a log that cannot be copied, and says so', async () => {
    // In the way of the copy, and nothing that rm takes without being asked to.
    mkdirSync(`${path}.1`);
    writeFileSync(path, 'x'.repeat(200));
    await rotate();
    expect(statSync(path).size).toBe(0);
    expect(said).toEqual([expect.stringContaining('api.log was emptied without keeping it')]);
  });
});
