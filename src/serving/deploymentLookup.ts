import type { Queryable } from '../database/database';
import { findDeployments, type DeploymentRow } from '../database/models/deployments';
import { isModelId } from './deploymentName';

/** How long a path that nobody answers under is remembered as such. */
const unknownMs = 1000;
const maxUnknown = 10_000;

interface Waiting {
  resolve: (row: DeploymentRow | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Looks up who answers under a name or a model's id. Anybody may ask for anything: there is one query
 * at a time, for all that wait, and what was not found is not asked again for a moment.
 */
export class DeploymentLookup {
  private readonly unknown = new Map<string, number>();
  private waiting = new Map<string, Waiting[]>();
  private querying = false;
  /** Counts the changes that were heard of: what was read before one may be old. */
  private changes = 0;

  constructor(
    private readonly db: Queryable,
    private readonly now: () => number = Date.now,
  ) {}

  /** To be called when a deployment changed, or when it cannot be heard whether one did. */
  changed(): void {
    this.changes++;
    this.unknown.clear();
  }

  async find(segment: string): Promise<DeploymentRow | undefined> {
    const until = this.unknown.get(segment);
    if (until !== undefined && this.now() < until) return undefined;
    return new Promise((resolve, reject) => {
      const others = this.waiting.get(segment);
      if (others) others.push({ resolve, reject });
      else this.waiting.set(segment, [{ resolve, reject }]);
      if (!this.querying) void this.query();
    });
  }

  private async query(): Promise<void> {
    this.querying = true;
    while (this.waiting.size > 0) {
      const asked = this.waiting;
      this.waiting = new Map();
      const { changes } = this;
      try {
        const found = await this.read([...asked.keys()]);
        for (const [segment, callers] of asked) {
          const row = found.get(segment);
          if (!row && changes === this.changes) this.remember(segment);
          for (const { resolve } of callers) resolve(row);
        }
      } catch (error) {
        for (const callers of asked.values()) for (const { reject } of callers) reject(error);
      }
    }
    this.querying = false;
  }

  private async read(segments: string[]): Promise<Map<string, DeploymentRow>> {
    const ids = segments.filter(isModelId).map((id) => id.toLowerCase());
    const names = segments.filter((segment) => !isModelId(segment));
    const rows = await findDeployments(this.db, { ids, names });
    const byId = new Map(rows.map((row) => [row.model_id, row]));
    const byName = new Map(rows.map((row) => [row.name, row]));
    const found = new Map<string, DeploymentRow>();
    for (const segment of segments) {
      const row = isModelId(segment) ? byId.get(segment.toLowerCase()) : byName.get(segment);
      if (row) found.set(segment, row);
    }
    return found;
  }

  private remember(segment: string): void {
    this.unknown.delete(segment);
    this.unknown.set(segment, this.now() + unknownMs);
    if (this.unknown.size > maxUnknown) this.unknown.delete(this.unknown.keys().next().value!);
  }
}
