import { messageOf } from '../errors';
import type { Logger } from './logger';

/** Asks one thing that a process needs: resolves when it answers, and not to `false`. */
export type Check = () => unknown;

export interface ReadinessReport {
  /** Every check answered. */
  ready: boolean;
  checks: Record<string, boolean>;
}

export interface ReadinessOptions {
  /** How long each check has to answer. @default 2000 */
  timeoutMs?: number;
  /** How long a report is given again before everything is asked anew. @default 1000 */
  maxAgeMs?: number;
}

/**
 * Whether a process can do its work, as the checks of what it needs say. Cheap to ask often: reports
 * are kept for a moment, and a check that hangs is not asked a second time while it does.
 */
export class Readiness {
  private latest: { at: number; report: Promise<ReadinessReport> } | undefined;
  private readonly pending = new Map<string, Promise<string | undefined>>();
  private readonly failing = new Set<string>();

  constructor(
    private readonly checks: Readonly<Record<string, Check>>,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    private readonly options: ReadinessOptions = {},
  ) {}

  /** Never rejects. */
  report(): Promise<ReadinessReport> {
    const now = performance.now();
    const { maxAgeMs = 1000 } = this.options;
    if (this.latest === undefined || now - this.latest.at > maxAgeMs) {
      this.latest = { at: now, report: this.ask() };
    }
    return this.latest.report;
  }

  private async ask(): Promise<ReadinessReport> {
    const names = Object.keys(this.checks);
    const answers = await Promise.all(names.map((name) => this.answers(name)));
    const checks = Object.fromEntries(names.map((name, index) => [name, answers[index]!]));
    return { ready: answers.every(Boolean), checks };
  }

  private async answers(name: string): Promise<boolean> {
    const { timeoutMs = 2000 } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer in ${timeoutMs} ms`), timeoutMs);
    });
    const failure = await Promise.race([this.failureOf(name), late]);
    clearTimeout(timer);
    this.log(name, failure);
    return failure === undefined;
  }

  /** Why the check fails; undefined when it does not. Shared with a call that is still under way. */
  private failureOf(name: string): Promise<string | undefined> {
    let call = this.pending.get(name);
    if (call === undefined) {
      call = runCheck(this.checks[name]!).finally(() => this.pending.delete(name));
      this.pending.set(name, call);
    }
    return call;
  }

  /** Once when a check begins to fail, and once when it answers again. */
  private log(check: string, failure: string | undefined): void {
    if (failure === undefined) {
      if (this.failing.delete(check)) this.logger.info({ check }, 'answers again');
    } else if (!this.failing.has(check)) {
      this.failing.add(check);
      this.logger.warn({ check, reason: failure }, 'not ready');
    }
  }
}

async function runCheck(check: Check): Promise<string | undefined> {
  try {
    return (await check()) === false ? 'not yet' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}
