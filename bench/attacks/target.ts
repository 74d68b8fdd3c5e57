/** Whom to attack, and with what: all that a process of attackers is told. */
export interface Target {
  attack: string;
  /** Of the API, `http://host:port`. */
  url: string;
  /** Of a user who is not the attacker. */
  victimEmail: string;
  /** Users of the attacker's, one token each. */
  tokens: [string, ...string[]];
  /** A model of the attacker's that is deployed and that all of them may read. */
  model: string;
  /** An upload of the first of them, 100 rows with the columns `text` and `label`. */
  upload: string;
}

/** An attacker's work. It begins what it can, counts the answers, and ends when the signal aborts. */
export type Attack = (target: Target, answers: Answers, signal: AbortSignal) => Promise<void>;

/** How often each status was answered; `cut` where there was none. */
export class Answers {
  readonly counts: Record<string, number> = {};

  add(what: string | number): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** So many at once, each again and again. */
export async function lanes(
  count: number,
  signal: AbortSignal,
  step: (lane: number) => Promise<void>,
): Promise<void> {
  const lane = async (number: number): Promise<void> => {
    while (!signal.aborted) await step(number);
  };
  await Promise.all(Array.from({ length: count }, (_, number) => lane(number)));
}
