import { TrainyardError } from '../errors';
import { artifactLocation } from './artifactLocation';
import { liesBelow, showS3Location } from './s3Location';
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
  wrong.push(...missingAdministrator(env), ...rootsInStore(parsed));
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

/** The store holds what belongs to everybody, so nobody may train on it. */
function rootsInStore({ TRAINYARD_S3_ROOTS: roots = [], ARTIFACT_URL: url }: Settings): string[] {
  const store = artifactLocation(url, '');
  if (store.kind === 'disk') return [];
  const { bucket } = store;
  const folder = { bucket, prefix: store.prefix === '' ? '' : `${store.prefix}/` };
  return roots
    .filter((root) => liesBelow(root, folder) || liesBelow(folder, root))
    .map(
      (root) =>
        `TRAINYARD_S3_ROOTS: ${showS3Location(root)} and the artifact store of ARTIFACT_URL (${showS3Location(folder)}) lie in each other: name folders apart from it`,
    );
}

function complaint(wrong: string[]): string {
  const count = wrong.length === 1 ? 'one setting is wrong' : `${wrong.length} settings are wrong`;
  return `${count}; correct the environment and start again\n${wrong.map((line) => `  ${line}`).join('\n')}`;
}
