import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pretrained encoders: contents by hash, the names that operators give them, and who refers to them. */
export class Encoders1763800000000 implements MigrationInterface {
  name = 'Encoders1763800000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE encoder_content (
        hash text PRIMARY KEY,
        tree jsonb NOT NULL,
        family text NOT NULL,
        dims integer NOT NULL,
        max_length integer NOT NULL,
        context_length integer NOT NULL,
        bytes bigint NOT NULL
      );

      CREATE TABLE encoder (
        id uuid PRIMARY KEY,
        name varchar(100) NOT NULL,
        hash text NOT NULL REFERENCES encoder_content,
        source text NOT NULL,
        licence text,
        added_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT encoder_name_unique UNIQUE (name)
      );
      CREATE INDEX encoder_hash ON encoder (hash);

      ALTER TABLE run ADD COLUMN encoder_hash text REFERENCES encoder_content;
      CREATE INDEX run_encoder ON run (encoder_hash) WHERE encoder_hash IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE run DROP COLUMN encoder_hash;
      DROP TABLE encoder, encoder_content;
    `);
  }
}
