import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which serving processes there are, and which deployments they cannot load. */
export class ServingHealth1764020000000 implements MigrationInterface {
  name = 'ServingHealth1764020000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE serving_process (
        id uuid PRIMARY KEY,
        seen_at timestamptz NOT NULL
      );

      CREATE TABLE load_failure (
        model_id uuid NOT NULL REFERENCES deployment ON DELETE CASCADE,
        process_id uuid NOT NULL REFERENCES serving_process ON DELETE CASCADE,
        version bigint NOT NULL,
        waits boolean NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (model_id, process_id)
      );
      CREATE INDEX load_failure_process ON load_failure (process_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE load_failure, serving_process');
  }
}
