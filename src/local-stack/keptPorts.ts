import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../errors';
import { freePort, isFree } from './ports';
import type { Progress } from './progress';

export type PortName = 'api' | 'serving' | 'worker' | 'postgres' | 'temporal' | 'temporalUi';
export type Ports = Record<PortName, number>;

/** What an operator asked for: a port, 0 for any free one, or nothing. */
export type WantedPorts = Partial<Record<PortName, number>>;

/** Taken on the first start when nobody asked for another and they are free. */
const usual: WantedPorts = { api: 8000, serving: 8001 };

/**
 * The ports of a home: those asked for, else those of the last start, else the usual or any free
 * ones; kept for the next start.
 * @throws TrainyardError `port_taken` when something else listens on a port that was asked for.
 */
export async function choosePorts(options: {
  home: string;
  /** Where each is to listen. */
  hosts: Record<PortName, string>;
  wanted: WantedPorts;
  progress: Progress;
}): Promise<Ports> {
  const { home, hosts, wanted, progress } = options;
  const path = join(home, 'ports.json');
  const kept = readPorts(path);
  const names: PortName[] = ['api', 'serving', 'worker', 'postgres', 'temporal', 'temporalUi'];
  const chosen: WantedPorts = {};
  for (const name of names) {
    const asked = wanted[name] ?? 0;
    const host = hosts[name];
    if (asked !== 0) {
      if (!(await isFree(asked, host))) throw portTaken(name, asked);
      chosen[name] = asked;
      continue;
    }
    const before = kept[name];
    const first = before ?? (wanted[name] === 0 ? undefined : usual[name]);
    const free = first !== undefined && (await isFree(first, host));
    chosen[name] = free ? first : await freePort(host, Object.values(chosen));
    if (first !== undefined && !free) {
      progress(`port ${first} is taken by something else; ${name} takes ${chosen[name]}`);
    }
  }
  const ports = chosen as Ports;
  writeFileSync(`${path}.new`, `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return ports;
}

function readPorts(path: string): WantedPorts {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as WantedPorts;
  } catch {
    return {};
  }
}

function portTaken(name: PortName, port: number): TrainyardError {
  return new TrainyardError(
    'config',
    'port_taken',
    `something else listens on port ${port}, which was asked for the ${name}; ` +
      'end it, ask for another port, or for 0, which takes any free one',
    500,
  );
}
