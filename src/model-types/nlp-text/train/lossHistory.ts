import type { ProblemResult } from '../../../ml/linear/problemTask';

/**
 * The mean loss of all problems after each pass. A pass is told as soon as each problem has come so
 * far or has ended; one that has ended counts with its last loss.
 */
export class LossHistory {
  private readonly losses = new Map<number, number[]>();
  private readonly finished = new Set<number>();
  private told = 0;

  constructor(
    private readonly problems: number,
    private readonly tell: (pass: number, loss: number) => void,
  ) {}

  /** @param before passes of the problem before these */
  add(label: number, before: number, losses: number[]): void {
    const list = this.losses.get(label) ?? [];
    losses.forEach((loss, i) => (list[before + i] = loss));
    this.losses.set(label, list);
    this.tellKnown();
  }

  finish({ label, losses }: ProblemResult): void {
    this.losses.set(label, losses);
    this.finished.add(label);
    this.tellKnown();
  }

  private tellKnown(): void {
    if (this.losses.size < this.problems) return;
    for (;;) {
      const pass = this.told;
      let sum = 0;
      let any = false;
      for (const [label, list] of this.losses) {
        if (pass < list.length) any = true;
        else if (!this.finished.has(label)) return;
        sum += list[Math.min(pass, list.length - 1)] ?? 0;
      }
      if (!any) return;
      this.tell(++this.told, sum / this.problems);
    }
  }
}

/** The same history of problems that have all ended. */
export function meanLosses(results: ProblemResult[]): number[] {
  const history: number[] = [];
  const all = new LossHistory(results.length, (_, loss) => history.push(loss));
  for (const result of results) all.finish(result);
  return history;
}
