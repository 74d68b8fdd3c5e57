import { firstRow, rows, type Queryable } from './database';
import type { Access } from './models';
import type { Status } from './status';
import type { User } from './users';

/** A model with all that is shown of it. */
export interface ModelView {
  id: string;
  name: string;
  type: string;
  access: Access;
  train_status: Status;
  deploy_status: Status;
  published_at: Date;
  user_email: string;
  username: string;
  team_id: string | null;
  attributes: Record<string, string>;
  messages: { job: 'train' | 'deploy'; level: 'error' | 'warning'; text: string }[];
  /** Where a list goes on after this model. */
  cursor: string;
}

/** Part of a list, newest first. */
export interface Page {
  limit: number;
  /** The `cursor` of the last model before this page. */
  after?: string | undefined;
}

const cursorShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z_[0-9a-f-]{36}$/;

export function isCursor(text: string): boolean {
  return cursorShape.test(text) && !Number.isNaN(Date.parse(text.slice(0, 27)));
}

/**
 * The models of a page, newest first, with their owners and messages. They are looked up one by one:
 * a join of their table would be planned as a scan of all of it.
 */
const shown = `
  SELECT m.id, m.name, m.type, m.access, m.train_status, m.deploy_status, m.published_at,
    u.email AS user_email, u.username, m.team_id, m.attributes,
    coalesce(said.messages, '[]') AS messages,
    to_char(m.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || m.id
      AS cursor
  FROM page
  CROSS JOIN LATERAL (SELECT * FROM model WHERE model.id = page.id LIMIT 1) m
  JOIN app_user u ON u.id = m.owner_id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('job', job, 'level', level, 'text', text) ORDER BY id)
      AS messages
    FROM message WHERE model_id = m.id
  ) said ON true
  ORDER BY m.published_at DESC, m.id DESC`;

/** Goes on after a cursor; every part of a list stops at the page's size by its own index. */
const part = `(published_at, id) < ($1::timestamptz, $2::uuid)
  ORDER BY published_at DESC, id DESC LIMIT $3`;

export async function modelView(db: Queryable, id: string): Promise<ModelView | undefined> {
  return firstRow(db, `WITH page AS (SELECT $1::uuid AS id) ${shown}`, [id]);
}

/** Administrators see all models, others their own, public ones and those of their teams. */
export async function visibleModels(db: Queryable, user: User, page: Page): Promise<ModelView[]> {
  if (user.is_admin) {
    return rows(db, `WITH page AS (SELECT id FROM model WHERE ${part}) ${shown}`, bounds(page));
  }
  return rows(
    db,
    `WITH page AS (
       (SELECT id, published_at FROM model WHERE owner_id = $4 AND ${part})
       UNION (SELECT id, published_at FROM model WHERE access = 'public' AND ${part})
       UNION (
         SELECT shared.id, shared.published_at FROM team_member
         CROSS JOIN LATERAL (
           SELECT id, published_at FROM model
           WHERE access = 'protected' AND team_id = team_member.team_id AND ${part}
         ) shared
         WHERE team_member.user_id = $4)
       ORDER BY published_at DESC, id DESC LIMIT $3
     ) ${shown}`,
    [...bounds(page), user.id],
  );
}

/** The protected models of a team. */
export async function modelsOfTeam(
  db: Queryable,
  teamId: string,
  page: Page,
): Promise<ModelView[]> {
  return rows(
    db,
    `WITH page AS (SELECT id FROM model WHERE access = 'protected' AND team_id = $4 AND ${part})
     ${shown}`,
    [...bounds(page), teamId],
  );
}

function bounds({ limit, after }: Page): unknown[] {
  const [time = 'infinity', id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'] = after?.split('_') ?? [];
  return [time, id, limit];
}
