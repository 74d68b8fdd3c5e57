import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * The metrics of one process, with Node's own (memory, event loop, garbage collection) in it and a
 * label that says which process they are of.
 */
export function createRegistry(part: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  collectDefaultMetrics({ register: registry });
  return registry;
}
