import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Attempts are counted apart from fences, and carry the step versions that they worked with; a stage
 * remembers what identifies its result, and since when what it depends on has been away. Results in the
 * step cache belong to the attempt that builds them. The status of kept replies, always 200, goes.
 */
export class Attempts1764000000000 implements MigrationInterface {
  name = 'Attempts1764000000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE stage RENAME COLUMN attempts TO fruitless;
      ALTER TABLE stage
        ADD COLUMN attempts integer NOT NULL DEFAULT 0,
        ADD COLUMN versions jsonb,
        ADD COLUMN cache_key text,
        ADD COLUMN away_since timestamptz,
        DROP COLUMN published_fence;
      UPDATE stage SET attempts = fence;

      ALTER TABLE log_segment RENAME COLUMN fence TO attempt;

      DELETE FROM cache_entry WHERE state = 'making';
      DROP INDEX cache_entry_used;
      ALTER TABLE cache_entry DROP CONSTRAINT cache_entry_state_check;
      ALTER TABLE cache_entry RENAME COLUMN maker TO builder;
      ALTER TABLE cache_entry ADD COLUMN fence integer NOT NULL DEFAULT 0;
      UPDATE cache_entry SET state = 'built';
      ALTER TABLE cache_entry
        ADD CONSTRAINT cache_entry_state_check CHECK (state IN ('building', 'built'));
      CREATE INDEX cache_entry_used ON cache_entry (used_at) WHERE state = 'built';

      ALTER TABLE idempotency_key DROP COLUMN status;

      CREATE INDEX event_type ON event (model_id, type, seq);
      CREATE INDEX deployment_requested_by ON deployment (requested_by);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE idempotency_key ADD COLUMN status integer;

      DROP INDEX event_type, deployment_requested_by;

      DELETE FROM cache_entry WHERE state = 'building';
      DROP INDEX cache_entry_used;
      ALTER TABLE cache_entry DROP CONSTRAINT cache_entry_state_check;
      ALTER TABLE cache_entry DROP COLUMN fence;
      ALTER TABLE cache_entry RENAME COLUMN builder TO maker;
      UPDATE cache_entry SET state = 'made';
      ALTER TABLE cache_entry
        ADD CONSTRAINT cache_entry_state_check CHECK (state IN ('making', 'made'));
      CREATE INDEX cache_entry_used ON cache_entry (used_at) WHERE state = 'made';

      ALTER TABLE log_segment RENAME COLUMN attempt TO fence;

      ALTER TABLE stage
        DROP COLUMN attempts,
        DROP COLUMN versions,
        DROP COLUMN cache_key,
        DROP COLUMN away_since,
        ADD COLUMN published_fence integer;
      ALTER TABLE stage RENAME COLUMN fruitless TO attempts;
    `);
  }
}
