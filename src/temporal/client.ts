import { Client, Connection } from '@temporalio/client';
import type { TemporalSettings } from '../config';
import { TrainyardError } from '../errors';

/**
 * A client of the Temporal that the settings name. Close it with `client.connection.close()`.
 * @throws TrainyardError `temporal_unset`; or the connection's own error when nothing answers
 */
export async function connectTemporal(settings: TemporalSettings): Promise<Client> {
  if (!settings.connection) {
    throw new TrainyardError(
      'config',
      'temporal_unset',
      'no Temporal is named: set TEMPORAL_ADDRESS, or run `trainyard up`, which brings one up',
      500,
    );
  }
  const connection = await Connection.connect(settings.connection);
  return new Client({ connection, namespace: settings.namespace });
}
