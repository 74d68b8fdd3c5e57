import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, teams, uploads, models, runs and all that a run leaves behind. */
export class Initial1763700000000 implements MigrationInterface {
  name = 'Initial1763700000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE setting (key text PRIMARY KEY, value text NOT NULL);

      CREATE TABLE app_user (
        id uuid PRIMARY KEY,
        username varchar(50) NOT NULL,
        email varchar(254) NOT NULL,
        password_hash text NOT NULL,
        is_admin boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT app_user_username_unique UNIQUE (username),
        CONSTRAINT app_user_email_unique UNIQUE (email)
      );

      CREATE TABLE api_token (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
        name varchar(100) NOT NULL,
        hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        CONSTRAINT api_token_hash_unique UNIQUE (hash)
      );
      CREATE INDEX api_token_user ON api_token (user_id, created_at);

      CREATE TABLE team (
        id uuid PRIMARY KEY,
        name varchar(100) NOT NULL,
        CONSTRAINT team_name_unique UNIQUE (name)
      );
      CREATE TABLE team_member (
        user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
        team_id uuid NOT NULL REFERENCES team ON DELETE CASCADE,
        is_team_admin boolean NOT NULL DEFAULT false,
        PRIMARY KEY (user_id, team_id)
      );
      CREATE INDEX team_member_team ON team_member (team_id);

      CREATE TABLE upload (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        files integer NOT NULL,
        bytes bigint NOT NULL,
        index jsonb NOT NULL
      );

      CREATE TABLE model (
        id uuid PRIMARY KEY,
        name varchar(100) NOT NULL,
        type text NOT NULL,
        owner_id uuid NOT NULL REFERENCES app_user,
        team_id uuid REFERENCES team ON DELETE SET NULL,
        access text NOT NULL DEFAULT 'private' CHECK (access IN ('private', 'protected', 'public')),
        default_permission text NOT NULL DEFAULT 'read' CHECK (default_permission IN ('read', 'write')),
        train_status text NOT NULL DEFAULT 'not_started',
        deploy_status text NOT NULL DEFAULT 'not_started',
        base_model_id uuid REFERENCES model ON DELETE SET NULL,
        attributes jsonb NOT NULL DEFAULT '{}',
        bundle jsonb,
        event_seq bigint NOT NULL DEFAULT 0,
        published_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT model_name_per_owner UNIQUE (owner_id, name)
      );
      CREATE INDEX model_newest ON model (published_at DESC, id DESC);
      CREATE INDEX model_owner_newest ON model (owner_id, published_at DESC, id DESC);
      CREATE INDEX model_team_newest ON model (team_id, published_at DESC, id DESC) WHERE access = 'protected';
      CREATE INDEX model_public_newest ON model (published_at DESC, id DESC) WHERE access = 'public';
      CREATE INDEX model_base ON model (base_model_id) WHERE base_model_id IS NOT NULL;
      CREATE INDEX model_training ON model (train_status)
        WHERE train_status IN ('not_started', 'starting', 'in_progress');
      CREATE INDEX model_deploying ON model (deploy_status) WHERE deploy_status IN ('starting', 'complete');

      CREATE TABLE run (
        id uuid PRIMARY KEY,
        model_id uuid NOT NULL REFERENCES model ON DELETE CASCADE,
        execution integer NOT NULL DEFAULT 1,
        options jsonb NOT NULL,
        data jsonb NOT NULL,
        job jsonb NOT NULL,
        progress jsonb,
        summary jsonb,
        error jsonb,
        cancel_requested boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        ended_at timestamptz
      );
      CREATE INDEX run_model ON run (model_id, created_at DESC);

      CREATE TABLE stage (
        run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
        stage text NOT NULL,
        fence integer NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        checkpoint jsonb,
        output jsonb,
        cache text,
        published_fence integer,
        started_at timestamptz,
        published_at timestamptz,
        PRIMARY KEY (run_id, stage)
      );
      CREATE INDEX stage_output ON stage ((output #>> '{manifest,key}'));

      CREATE TABLE metric (
        run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
        name text NOT NULL,
        step bigint NOT NULL,
        value double precision NOT NULL,
        PRIMARY KEY (run_id, name, step)
      );

      CREATE TABLE log_segment (
        run_id uuid NOT NULL REFERENCES run ON DELETE CASCADE,
        stage text NOT NULL,
        fence integer NOT NULL,
        stream text NOT NULL CHECK (stream IN ('stdout', 'stderr')),
        seq integer NOT NULL,
        text text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (run_id, stage, fence, stream, seq)
      );

      CREATE TABLE message (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        model_id uuid NOT NULL REFERENCES model ON DELETE CASCADE,
        job text NOT NULL CHECK (job IN ('train', 'deploy')),
        level text NOT NULL CHECK (level IN ('error', 'warning')),
        text text NOT NULL,
        source text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX message_model ON message (model_id, job, id);
      CREATE UNIQUE INDEX message_once ON message (model_id, job, source, md5(text)) WHERE source IS NOT NULL;

      CREATE TABLE event (
        model_id uuid NOT NULL REFERENCES model ON DELETE CASCADE,
        seq bigint NOT NULL,
        type text NOT NULL,
        data jsonb NOT NULL,
        actor text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (model_id, seq)
      );

      CREATE TABLE cache_entry (
        owner_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
        key text NOT NULL,
        state text NOT NULL CHECK (state IN ('making', 'made')),
        maker text NOT NULL,
        lease_until timestamptz,
        output jsonb,
        bytes bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        used_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (owner_id, key)
      );
      CREATE INDEX cache_entry_used ON cache_entry (used_at) WHERE state = 'made';

      CREATE TABLE deployment (
        model_id uuid PRIMARY KEY REFERENCES model ON DELETE CASCADE,
        name varchar(100),
        options jsonb NOT NULL DEFAULT '{}',
        version bigint NOT NULL,
        requested_by uuid REFERENCES app_user ON DELETE SET NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX deployment_name_unique ON deployment (name) WHERE name IS NOT NULL;
      CREATE SEQUENCE deployment_version;

      CREATE TABLE idempotency_key (
        user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
        key varchar(255) NOT NULL,
        request_hash text NOT NULL,
        status integer,
        body jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, key)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE idempotency_key, deployment, cache_entry, event, message, log_segment, metric,
        stage, run, model, upload, team_member, team, api_token, app_user, setting;
      DROP SEQUENCE deployment_version;
    `);
  }
}
