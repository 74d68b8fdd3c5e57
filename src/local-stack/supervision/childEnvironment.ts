import type { Config } from '../../config';
import type { Ports } from '../keptPorts';

/** The environment of the processes under the supervisor: what it was given, with what it decided. */
export function childEnvironment(options: {
  env: NodeJS.ProcessEnv;
  config: Config;
  ports: Ports;
  databaseUrl: string;
  /** Absent: Temporal is not ours, and its variables stay as they were given. */
  temporalAddress?: string;
}): NodeJS.ProcessEnv {
  const { env, config, ports, databaseUrl, temporalAddress } = options;
  const decided: NodeJS.ProcessEnv = {
    ...env,
    TRAINYARD_HOME: config.home,
    TRAINYARD_PORT: String(ports.api),
    TRAINYARD_SERVING_PORT: String(ports.serving),
    TRAINYARD_SERVING_URL:
      env['TRAINYARD_SERVING_URL'] || `http://${reachable(config.serving.host)}:${ports.serving}`,
    TRAINYARD_WORKER_PORT: String(ports.worker),
    DATABASE_URL: databaseUrl,
  };
  if (temporalAddress === undefined) return decided;
  const others = Object.entries(decided).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
  };
}

/** An address at which this machine reaches what listens on `host`. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : host;
}
