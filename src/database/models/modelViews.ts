import { firstRow, rows, type Queryable } from '../database';
import type { Access } from './models';
import type { Status } from './status';
import type { User } from '../accounts/users';

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

/** What is shown of a model itself. */
const columns = `id, name, type, owner_id, team_id, access, train_status, deploy_status, attributes,
  published_at`;

/** The models of a page, newest first, with their owners and messages. */
const shown = `
  SELECT page.*, u.email AS user_email, u.username, coalesce(said.messages, '[]') AS messages,
    to_char(page.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || page.id
      AS cursor
  FROM page
  JOIN app_user u ON u.id = page.owner_id
  LEFT JOIN LATERAL (
    -- In the order of the index, which needs no sorting; each job's messages stay in theirs.
    SELECT json_agg(json_build_object('job', job, 'level', level, 'text', text) ORDER BY job, id)
      AS messages
    FROM message WHERE model_id = page.id
  ) said ON true
  ORDER BY page.published_at DESC, page.id DESC`;

/** Goes on after a cursor; every part of a list stops at the page's size by its own index. */
const part = `(published_at, id) < ($1::timestamptz, $2::uuid)
  ORDER BY published_at DESC, id DESC LIMIT $3`;

export async function modelView(db: Queryable, id: string): Promise<ModelView | undefined> {
  return firstRow(db, `WITH page AS (SELECT ${columns} FROM model WHERE id = $1) ${shown}`, [id]);
}

/** Administrators see all models, others their own, public ones and those of their teams. */
export async function visibleModels(db: Queryable, user: User, page: Page): Promise<ModelView[]> {
  if (user.is_admin) {
    return rows(
      db,
      `WITH page AS (SELECT ${columns} FROM model WHERE ${part}) ${shown}`,
      bounds(page),
    );
  }
  return rows(
    db,
    `WITH found AS (
       (SELECT ${columns} FROM model WHERE owner_id = $4 AND ${part})
       UNION ALL (SELECT ${columns} FROM model WHERE access = 'public' AND ${part})
       UNION ALL (
         SELECT shared.* FROM team_member
         CROSS JOIN LATERAL (
           SELECT ${columns} FROM model
           WHERE access = 'protected' AND team_id = team_member.team_id AND ${part}
         ) shared
         WHERE team_member.user_id = $4)
     ), page AS (
       SELECT DISTINCT ON (published_at, id) * FROM found
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
    `WITH page AS (
       SELECT ${columns} FROM model WHERE access = 'protected' AND team_id = $4 AND ${part}
     ) ${shown}`,
    [...bounds(page), teamId],
  );
}

function bounds({ limit, after }: Page): unknown[] {
  const [time = 'infinity', id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'] = after?.split('_') ?? [];
  return [time, id, limit];
}
