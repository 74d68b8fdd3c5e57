import type { Database } from '../../src/database/database';
import { eventsAfter, type EventPage } from '../../src/database/models/events';
import type { ConcurrencyLimit } from '../../src/support/concurrencyLimit';

/** Events that one statement reads. */
export const pageSize = 500;

/** A model that streams follow: they wait for its changes, and those that ask for the same share a read. */
export class FollowedModel {
  followers = 0;
  private readonly waiting = new Set<() => void>();
  /** By the number that they read after. What began before a change may lack it, so none is kept then. */
  private reads = new Map<number, Promise<EventPage>>();

  constructor(
    readonly id: string,
    private readonly database: Database,
    private readonly limit: ConcurrencyLimit,
  ) {}

  /** Calls `wake` at each change, until what it returns is called. */
  onChange(wake: () => void): () => void {
    this.waiting.add(wake);
    return () => this.waiting.delete(wake);
  }

  changed(): void {
    this.reads = new Map();
    for (const wake of this.waiting) wake();
  }

  read(after: number): Promise<EventPage> {
    const { reads } = this;
    const shared = reads.get(after);
    if (shared) return shared;
    const read = this.limit
      .run(() => eventsAfter(this.database.manager, this.id, after, pageSize))
      .finally(() => reads.delete(after));
    reads.set(after, read);
    return read;
  }
}
