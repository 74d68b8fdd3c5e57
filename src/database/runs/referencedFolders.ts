import { rows, type Queryable } from '../database';

/** The parts of the artifact store, and how deep below them lie the folders that rows hold. */
export const storeParts = {
  /** `uploads/<upload>/` */
  uploads: 2,
  /** `models/<model>/` */
  models: 2,
  /** `encoders/<folder>/` */
  encoders: 2,
  /** `runs/<run>/<stage>/<attempt>/` and `runs/<run>/checkpoints/<stage>/` */
  runs: 4,
  /** `cache/<owner>/<key>/<attempt>/` */
  cache: 4,
} as const;

export type StorePart = keyof typeof storeParts;

const manifest = `folder.prefix || 'tree.json'`;

/** When a row holds a folder, in SQL. */
const holders: Record<StorePart, string> = {
  uploads: 'EXISTS (SELECT 1 FROM upload WHERE id = folder.owner)',
  models: 'EXISTS (SELECT 1 FROM model WHERE id = folder.owner)',
  encoders: `EXISTS (
    SELECT 1 FROM encoder_content WHERE tree #>> '{manifest,key}' = ${manifest})`,
  // A run that has ended keeps what it has published, its model, and the checkpoints that a retry
  // may go on from: not what attempts left that were overtaken.
  runs: `EXISTS (
    SELECT 1 FROM run JOIN model ON model.id = run.model_id
    WHERE run.id = folder.owner AND (
      coalesce(run.ended_at > now() - make_interval(secs => folder.seconds), true)
      OR model.bundle #>> '{tree,manifest,key}' = ${manifest}
      OR EXISTS (SELECT 1 FROM stage
                 WHERE run_id = run.id AND output #>> '{manifest,key}' = ${manifest})
      OR split_part(folder.prefix, '/', 3) = 'checkpoints' AND NOT EXISTS (
        SELECT 1 FROM stage
        WHERE run_id = run.id AND stage = split_part(folder.prefix, '/', 4) AND output IS NOT NULL)))`,
  // A finished run does not keep what it took from the cache, as when entries are evicted.
  cache: `EXISTS (
      SELECT 1 FROM cache_entry
      WHERE owner_id = folder.owner AND key = split_part(folder.prefix, '/', 3)
        AND output #>> '{manifest,key}' = ${manifest})
    OR EXISTS (
      SELECT 1 FROM stage JOIN run ON run.id = stage.run_id
      WHERE stage.output #>> '{manifest,key}' = ${manifest} AND run.ended_at IS NULL)`,
};

/**
 * Those of some folders that no row holds.
 * @param prefixes `<part>/<uuid>/…/`, as deep as `storeParts` says
 * @param endedSeconds runs that ended less long ago hold all that is theirs
 */
export async function unreferencedFolders(
  db: Queryable,
  part: StorePart,
  prefixes: readonly string[],
  endedSeconds: number,
): Promise<string[]> {
  const found = await rows<{ prefix: string }>(
    db,
    `SELECT prefix FROM (
       SELECT prefix, split_part(prefix, '/', 2)::uuid AS owner, $2::float8 AS seconds
       FROM unnest($1::text[]) AS prefix) AS folder
     WHERE NOT (${holders[part]})`,
    [prefixes, endedSeconds],
  );
  return found.map(({ prefix }) => prefix);
}

/** Keeps the runs that refer to a folder from being opened again until the transaction ends. */
export async function lockRunsOf(tx: Queryable, prefix: string): Promise<void> {
  await tx.query(
    `SELECT 1 FROM run
     WHERE id IN (
       SELECT run_id FROM stage WHERE output #>> '{manifest,key}' = $1 || 'tree.json'
       UNION SELECT split_part($1, '/', 2)::uuid WHERE $1 LIKE 'runs/%')
     FOR SHARE`,
    [prefix],
  );
}
