import { rows, type Queryable } from '../database';

/** A user and a model. */
export interface Reading {
  userId: string;
  modelId: string;
}

/**
 * A text for each user and model, in their order, that becomes another when anything changes that decides
 * what the user may do there: the user's rights, password and tokens, the model's settings, the team.
 * An API token that ends by its time changes nothing.
 */
export async function accessMarks(db: Queryable, readings: readonly Reading[]): Promise<string[]> {
  const found = await rows<{ mark: string }>(
    db,
    `SELECT md5(ROW(u.is_admin, u.password_version,
         (SELECT array_agg(t.id ORDER BY t.id) FROM api_token t WHERE t.user_id = u.id),
         m.owner_id, m.access, m.default_permission, m.team_id,
         tm.user_id, tm.is_team_admin)::text) AS mark
     FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS r (user_id, model_id, n)
     LEFT JOIN app_user u ON u.id = r.user_id
     LEFT JOIN model m ON m.id = r.model_id
     LEFT JOIN team_member tm ON tm.team_id = m.team_id AND tm.user_id = r.user_id
     ORDER BY r.n`,
    [readings.map(({ userId }) => userId), readings.map(({ modelId }) => modelId)],
  );
  return found.map(({ mark }) => mark);
}
