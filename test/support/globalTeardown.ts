import { rmSync } from 'node:fs';

/** Removes what the test run left. */
export default function globalTeardown(): void {
  const folder = process.env['TRAINYARD_TEST_FOLDER'];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
