import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from '../../src/allocation/processGroup';
import { readStack } from '../../src/local-stack/stackFile';

const parts = ['api', 'serving', 'worker'] as const;
const pauseMs = 250;

type Memory = Record<(typeof parts)[number], number>;

/** Follows what a platform takes of memory and disk while something goes on. */
export class Footprint {
  private readonly home: string;
  private readonly before: Memory;
  private readonly most: Memory;
  private readonly logBefore: number;
  private readonly restartsBefore: number;
  private readonly timer: NodeJS.Timeout;

  /** @param home the folder of the platform */
  constructor(home: string) {
    this.home = home;
    this.before = this.memory();
    this.most = { ...this.before };
    this.logBefore = this.logBytes();
    this.restartsBefore = this.restarts();
    this.timer = setInterval(() => this.look(), pauseMs);
  }

  /** Memory in MiB before and at most, bytes that all logs of the API have grown by, and processes that ended meanwhile. */
  end() {
    clearInterval(this.timer);
    return {
      memory_mb: Object.fromEntries(
        parts.map((part) => [part, { before: this.before[part], most: this.most[part] }]),
      ),
      api_log_mb: (this.logBytes() - this.logBefore) / 1024 ** 2,
      restarts: this.restarts() - this.restartsBefore,
    };
  }

  private look(): void {
    const now = this.memory();
    for (const part of parts) this.most[part] = Math.max(this.most[part], now[part]);
  }

  private memory(): Memory {
    const children = readStack(this.home)?.children ?? {};
    const [api, serving, worker] = parts.map((part) => residentMb(children[part]?.pid));
    return { api: api!, serving: serving!, worker: worker! };
  }

  private restarts(): number {
    const children = readStack(this.home)?.children ?? {};
    return Object.values(children).reduce((sum, child) => sum + (child?.restarts ?? 0), 0);
  }

  private logBytes(): number {
    const folder = join(this.home, 'logs');
    const files = readdirSync(folder).filter((name) => name.startsWith('api.log'));
    return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  }
}
