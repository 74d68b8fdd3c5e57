import { rows, type Database } from '../../src/database/database';

/** How far the order in which trainings became complete is from the order in which they were accepted. */
export async function orderOfCompletion(database: Database, ownerId: string) {
  const [order] = await rows<{ n: number; half: number; most: number; correlation: number }>(
    database.manager,
    `WITH placed AS (
       SELECT rank() OVER (ORDER BY run.created_at) AS accepted,
         rank() OVER (ORDER BY run.ended_at) AS completed
       FROM run JOIN model ON model.id = run.model_id
       WHERE owner_id = $1 AND name LIKE 'backlog %' AND train_status = 'complete'
     )
     SELECT count(*)::int AS n, max(abs(accepted - completed))::int AS most,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(accepted - completed))::int AS half,
       corr(accepted, completed)::float8 AS correlation
     FROM placed`,
    [ownerId],
  );
  const { n, half, most, correlation } = order!;
  return { n, places_off: { p50: half, most }, rank_correlation: correlation };
}
