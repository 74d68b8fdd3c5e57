import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is shown of an upload, and which runs read it: while one of them is open, it stays. */
export class Uploads1764040000000 implements MigrationInterface {
  name = 'Uploads1764040000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE upload ADD COLUMN first_files jsonb NOT NULL DEFAULT '[]';
      CREATE INDEX upload_newest ON upload (created_at DESC, id DESC);
      CREATE INDEX upload_user_newest ON upload (user_id, created_at DESC, id DESC);

      CREATE TABLE run_upload (
        run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
        upload_id uuid NOT NULL REFERENCES upload ON DELETE CASCADE,
        PRIMARY KEY (run_id, upload_id)
      );
      CREATE INDEX run_upload_upload ON run_upload (upload_id);
      INSERT INTO run_upload (run_id, upload_id)
        SELECT DISTINCT run.id, upload.id
        FROM run CROSS JOIN jsonb_array_elements(run.data -> 'sources') AS source
        JOIN upload ON source ->> 'location' = 'upload' AND source ->> 'path' = upload.id::text;

      CREATE INDEX run_open ON run (model_id) WHERE ended_at IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX run_open;
      DROP TABLE run_upload;
      DROP INDEX upload_newest, upload_user_newest;
      ALTER TABLE upload DROP COLUMN first_files;
    `);
  }
}
