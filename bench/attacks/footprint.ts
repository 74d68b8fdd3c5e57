import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from '../../src/allocation/processGroup';
import { readStack } from '../../src/local-stack/stackFile';

const parts = ['api', 'serving', 'worker'] as const;
const pauseMs = 250;

/** Follows what a platform takes of memory and disk while something goes on. */
export class Footprint {
  private readonly before = this.memory();
  private readonly logBefore = this.logBytes();
  private most = { ...this.before };
  private readonly restartsBefore = this.restarts();
  private readonly timer = setInterval(() => {
    const now = this.memory();
    for (const part of parts) this.most[part] = Math.max(this.most[part], now[part]);
  }, pauseMs);

  /** @param home the folder of the platform */
  constructor(private readonly home: string) {}

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

  private memory(): Record<(typeof parts)[number], number> {
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
