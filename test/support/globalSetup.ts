import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the folder that one test run lives in. */
export default function globalSetup(): void {
  process.env['TRAINYARD_TEST_FOLDER'] = mkdtempSync(join(tmpdir(), 'trainyard-test-'));
}
