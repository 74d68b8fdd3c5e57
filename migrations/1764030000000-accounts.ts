import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names that are unique by look, addresses that are unique in any case, passwords that can be changed
 * and reset, and counters of attempts.
 */
export class Accounts1764030000000 implements MigrationInterface {
  name = 'Accounts1764030000000';

  async up(db: QueryRunner): Promise<void> {
    // What is there already is compared in lower case only. Of several names that are then the same the
    // first keeps it; an address that another one equals by now needs an administrator to sign in.
    await db.query(`
      ALTER TABLE app_user
        ADD COLUMN username_folded text,
        ADD COLUMN username_look text,
        ADD COLUMN email_key text,
        ADD COLUMN password_version integer NOT NULL DEFAULT 0;
      UPDATE app_user SET username_look = username,
        username_folded = lower(normalize(username, NFKC)),
        email_key = lower(normalize(btrim(email), NFKC));
      UPDATE app_user SET username_folded = username_folded || ' ' || id WHERE EXISTS (
        SELECT 1 FROM app_user other WHERE other.username_folded = app_user.username_folded
          AND (other.created_at, other.id) < (app_user.created_at, app_user.id));
      UPDATE app_user SET email_key = email WHERE EXISTS (
        SELECT 1 FROM app_user other WHERE other.email_key = app_user.email_key
          AND (other.created_at, other.id) < (app_user.created_at, app_user.id));
      ALTER TABLE app_user
        ALTER COLUMN username_folded SET NOT NULL,
        ALTER COLUMN username_look SET NOT NULL,
        ALTER COLUMN email_key SET NOT NULL,
        ADD CONSTRAINT app_user_username_folded_unique UNIQUE (username_folded),
        ADD CONSTRAINT app_user_username_look_unique UNIQUE (username_look),
        ADD CONSTRAINT app_user_email_key_unique UNIQUE (email_key),
        DROP CONSTRAINT app_user_email_unique;

      ALTER TABLE team ADD COLUMN name_folded text, ADD COLUMN name_look text;
      UPDATE team SET name_look = name, name_folded = lower(normalize(name, NFKC));
      UPDATE team SET name_folded = name_folded || ' ' || id WHERE EXISTS (
        SELECT 1 FROM team other WHERE other.name_folded = team.name_folded AND other.id < team.id);
      ALTER TABLE team
        ALTER COLUMN name_folded SET NOT NULL,
        ALTER COLUMN name_look SET NOT NULL,
        ADD CONSTRAINT team_name_folded_unique UNIQUE (name_folded),
        ADD CONSTRAINT team_name_look_unique UNIQUE (name_look);

      CREATE TABLE password_reset (
        user_id uuid PRIMARY KEY REFERENCES app_user ON DELETE CASCADE,
        token_hash text NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT password_reset_token_unique UNIQUE (token_hash)
      );

      CREATE TABLE attempt_count (
        key varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE attempt_count, password_reset;
      ALTER TABLE team DROP COLUMN name_folded, DROP COLUMN name_look;
      ALTER TABLE app_user
        ADD CONSTRAINT app_user_email_unique UNIQUE (email),
        DROP COLUMN username_folded, DROP COLUMN username_look, DROP COLUMN email_key,
        DROP COLUMN password_version;
    `);
  }
}
