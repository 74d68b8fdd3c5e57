import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs that were fetched or built are kept, for every project of this user. */
export function userCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trainyard');
}
