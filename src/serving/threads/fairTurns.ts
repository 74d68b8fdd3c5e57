/** Somebody who takes turns. */
export interface TurnTaker {
  /** How much waits; 0: has no use for a turn. */
  readonly waiting: number;
}

interface Turn<K, M> {
  key: K;
  member: M;
  /** What it may still be given in this round; below zero what it was given too much. */
  credit: number;
}

/** While others wait, newcomers are given this many quanta in a row at most. */
const freshQuanta = 4;

/**
 * Whose turn it is, fairly by what the work costs: deficit round robin in which newcomers are first,
 * once (the scheduler of FQ-CoDel, RFC 8290, section 4.2). Whoever asks for little and seldom does not
 * wait for those who ask for much, and those get equal parts of what is left. Picking the next one does
 * not depend on how many there are.
 */
export class FairTurns<K, M extends TurnTaker> {
  private readonly turns = new Map<K, Turn<K, M>>();
  /** In the order of their turns. */
  private readonly fresh = new Set<Turn<K, M>>();
  private readonly old = new Set<Turn<K, M>>();
  private givenToFresh = 0;

  /** @param quantum what one is given in a round, in the unit of `charge` */
  constructor(private readonly quantum: number) {}

  /** The member that is called so; it is made, and is a newcomer, when it has not been here lately. */
  enter(key: K, make: () => M): M {
    const known = this.turns.get(key);
    if (known) return known.member;
    const turn = { key, member: make(), credit: this.quantum };
    this.turns.set(key, turn);
    this.fresh.add(turn);
    return turn.member;
  }

  /** Who is next among those that `may`; undefined when nobody has anything to do. */
  next(may: (member: M) => boolean = () => true): M | undefined {
    for (;;) {
      const freshFirst = this.givenToFresh < freshQuanta * this.quantum;
      const lists = freshFirst ? [this.fresh, this.old] : [this.old, this.fresh];
      let inDebt = false;
      for (const list of lists) {
        for (const turn of list) {
          if (turn.member.waiting === 0) this.rest(turn);
          else if (may(turn.member)) {
            if (turn.credit > 0) return turn.member;
            inDebt = true;
            turn.credit += this.quantum;
            this.toTheEnd(turn);
          }
        }
      }
      if (!inDebt) return undefined;
    }
  }

  /** Counts what a member was given. */
  charge(key: K, cost: number): void {
    const turn = this.turns.get(key)!;
    turn.credit -= cost;
    this.givenToFresh = this.fresh.has(turn) ? this.givenToFresh + cost : 0;
  }

  /** Every member, those that lately had something to do among them. */
  *members(): Iterable<M> {
    for (const { member } of this.turns.values()) yield member;
  }

  /** A newcomer that is done waits for one round, so that it cannot be a newcomer all the time. */
  private rest(turn: Turn<K, M>): void {
    if (this.fresh.has(turn) && this.old.size > 0) {
      this.toTheEnd(turn);
      return;
    }
    this.fresh.delete(turn);
    this.old.delete(turn);
    this.turns.delete(turn.key);
  }

  private toTheEnd(turn: Turn<K, M>): void {
    this.fresh.delete(turn);
    this.old.delete(turn);
    this.old.add(turn);
  }
}
