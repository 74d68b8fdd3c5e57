import { chmodSync, mkdirSync } from 'node:fs';

/** Makes a folder that no other user may enter, whatever made it before; it may be there already. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}
