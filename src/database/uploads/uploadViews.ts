import { firstRow, rows, type Queryable } from '../database';
import type { Page } from '../models/modelViews';
import type { ListedFile } from './uploads';
import type { User } from '../accounts/users';

/** An upload with what is shown of it. */
export interface UploadView {
  id: string;
  user_id: string;
  username: string;
  created_at: Date;
  files: number;
  /** The driver gives 64-bit numbers as text. */
  bytes: string;
  first_files: ListedFile[];
  /** Models whose trainings read it, the newest first. */
  used_by: { model_id: string; model_name: string; train_status: string }[];
  /** Where a list goes on after this upload. */
  cursor: string;
}

/** Trainings that are named with each upload. */
const mostTrainings = 100;

const view = `
  SELECT upload.id, upload.user_id, u.username, upload.created_at, upload.files, upload.bytes,
    upload.first_files, coalesce(used.by, '[]') AS used_by,
    to_char(upload.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || upload.id
      AS cursor
  FROM upload
  JOIN app_user u ON u.id = upload.user_id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
      'model_id', id, 'model_name', name, 'train_status', train_status)) AS by
    FROM (
      SELECT DISTINCT model.published_at, model.id, model.name, model.train_status
      FROM run_upload JOIN run ON run.id = run_upload.run_id JOIN model ON model.id = run.model_id
      WHERE run_upload.upload_id = upload.id
      ORDER BY model.published_at DESC, model.id DESC LIMIT ${mostTrainings}
    ) AS reader
  ) used ON true`;

/** Administrators see all uploads, others their own; the newest first. */
export async function visibleUploads(
  db: Queryable,
  user: User,
  { limit, after }: Page,
): Promise<UploadView[]> {
  const [time, id] = (after ?? 'infinity_ffffffff-ffff-ffff-ffff-ffffffffffff').split('_');
  const own = user.is_admin ? '' : 'upload.user_id = $4 AND';
  return rows(
    db,
    `${view} WHERE ${own} (upload.created_at, upload.id) < ($1::timestamptz, $2::uuid)
     ORDER BY upload.created_at DESC, upload.id DESC LIMIT $3`,
    [time, id, limit, ...(user.is_admin ? [] : [user.id])],
  );
}

export async function uploadView(db: Queryable, id: string): Promise<UploadView | undefined> {
  return firstRow(db, `${view} WHERE upload.id = $1`, [id]);
}
