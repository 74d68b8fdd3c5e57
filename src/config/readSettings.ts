import { TrainyardError } from '../errors';
import { settings, type Setting, type SettingName, type Settings } from './settings';

export type Environment = Readonly<Record<string, string | undefined>>;

const administrator = [
  'TRAINYARD_ADMIN_USERNAME',
  'TRAINYARD_ADMIN_EMAIL',
  'TRAINYARD_ADMIN_PASSWORD',
] as const;

/** Parses every variable; throws one `invalid_configuration` that lists all that are wrong. */
export function readSettings(env: Environment): Settings {
  const parsed: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const result = setting.type.safeParse(value);
    if (result.success) parsed[name] = result.data;
    else wrong.push(`${shown(name, setting, value)}: ${result.error.issues[0]!.message}`);
  }
  wrong.push(...missingAdministrator(env));
  if (wrong.length > 0)
    throw new TrainyardError('config', 'invalid_configuration', complaint(wrong), 500);
  return parsed;
}

/** `TRAINYARD_*` variables that nothing reads: most likely misspelt. */
export function unknownVariables(env: Environment): string[] {
  return Object.keys(env).filter((name) => name.startsWith('TRAINYARD_') && !(name in settings));
}

function shown(name: string, setting: Setting, value: string): string {
  return setting.secret ? `${name} (value not shown)` : `${name}=${JSON.stringify(value)}`;
}

/** The three variables of the first administrator belong together. */
function missingAdministrator(env: Environment): string[] {
  const isSet = (name: SettingName): boolean => (env[name] ?? '') !== '';
  if (!administrator.some(isSet)) return [];
  return administrator
    .filter((name) => !isSet(name))
    .map((name) => `${name} is not set: give ${administrator.join(', ')} together or none of them`);
}

function complaint(wrong: string[]): string {
  const count = wrong.length === 1 ? 'one setting is wrong' : `${wrong.length} settings are wrong`;
  return `${count}; correct the environment and start again\n${wrong.map((line) => `  ${line}`).join('\n')}`;
}
