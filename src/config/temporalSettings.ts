import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Environment } from './readSettings';

export interface TemporalSettings {
  /**
   * For `Connection.connect` and `NativeConnection.connect`. Absent: nothing names a Temporal, so
   * `trainyard up` brings up its own.
   */
  connection?: NativeConnectionOptions;
  namespace: string;
  /** How long the history of a finished workflow is kept. */
  retentionDays: number;
}

/**
 * Reads what `@temporalio/envconfig` reads: `TEMPORAL_ADDRESS`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_*`,
 * `TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE`. Its file in the user's home counts only when a profile
 * or file is named: a profile made for other work must not receive trainings by surprise.
 */
export function temporalSettings(env: Environment, retentionDays: number): TemporalSettings {
  const named = isSet(env['TEMPORAL_PROFILE']) || isSet(env['TEMPORAL_CONFIG_FILE']);
  if (!named && !isSet(env['TEMPORAL_ADDRESS'])) {
    return { namespace: env['TEMPORAL_NAMESPACE'] || 'default', retentionDays };
  }
  const { connectionOptions, namespace } = loadClientConnectConfig({
    disableFile: !named,
    overrideEnvVars: withoutEmpty(env),
  });
  return { connection: connectionOptions, namespace: namespace ?? 'default', retentionDays };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => isSet(entry[1])),
  );
}
