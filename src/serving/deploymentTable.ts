import type { DeploymentRow } from '../database/models/deployments';

/** Which deployment answers which path: a snapshot of the table, replaced as a whole. */
export class DeploymentTable {
  private byId = new Map<string, DeploymentRow>();
  private byName = new Map<string, DeploymentRow>();

  replace(rows: readonly DeploymentRow[]): void {
    this.byId = new Map(rows.map((row) => [row.model_id, row]));
    this.byName = new Map(
      rows.flatMap((row) => (row.name === null ? [] : [[row.name, row] as const])),
    );
  }

  /** Adds what was looked up since the last snapshot. */
  add(row: DeploymentRow): void {
    this.byId.set(row.model_id, row);
    if (row.name !== null) this.byName.set(row.name, row);
  }

  get all(): Iterable<DeploymentRow> {
    return this.byId.values();
  }

  has(modelId: string): boolean {
    return this.byId.has(modelId);
  }

  /**
   * Who answers under a model's id or a name. A name that moved to a model which is not up yet is
   * answered by the model that had it before, as long as that one is up.
   */
  find(segment: string): DeploymentRow | undefined {
    const named = this.byName.get(segment);
    if (!named) return this.byId.get(segment.toLowerCase());
    if (named.deploy_status === 'complete' || named.previous_model_id === null) return named;
    const previous = this.byId.get(named.previous_model_id);
    return previous?.deploy_status === 'complete' ? previous : named;
  }
}
