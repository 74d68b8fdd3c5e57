import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import type { TemporalSettings } from '../config';
import { TrainyardError } from '../errors';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const connectTimeout = '10 s';
/** How long a call may take, with all tries, unless its caller says otherwise. */
const callTimeoutMs = 20_000;

/** A Temporal that is frozen or out of reach fails a call after a time, in place of never. */
const withinTime: Interceptor = (options, nextCall) =>
  // Any call will do; the class that the type asks for is not exported by the SDK.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  nextCall({
    ...options,
    deadline: options.deadline ?? Date.now() + callTimeoutMs,
  }) as ReturnType<Interceptor>;

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
  const connection = Connection.lazy({
    ...settings.connection,
    connectTimeout,
    interceptors: [withinTime, makeGrpcRetryInterceptor(defaultGrpcRetryOptions())],
  });
  try {
    await connection.ensureConnected();
  } catch (error) {
    // Else it would go on trying to connect.
    await connection.close();
    throw error;
  }
  return new Client({ connection, namespace: settings.namespace });
}
