import type { z } from 'zod';
import type { SavedUpload } from '../../../../src/data/uploads';
import type { UploadView } from '../../../../src/database/uploads/uploadViews';
import type { ListedFile } from '../../../../src/database/uploads/uploads';
import type { Status } from '../../../../src/database/models/status';
import type { sentReply, uploadReply } from './schema';

/** Files that the reply to an upload names. */
const mostNamed = 1000;

export function presentSent(saved: SavedUpload): z.input<typeof sentReply> {
  const { uploadId, files, bytes, warnings } = saved;
  const lines = files.slice(0, mostNamed).map((file) => `${file.bytes} ${file.name}`);
  const more = files.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more: GET /api/v2/train/uploads/${uploadId}`);
  return {
    upload_id: uploadId,
    file_count: String(files.length),
    bytes: String(bytes),
    files: lines.join('\n'),
    ...(warnings.length > 0 && { warnings: warnings.join('\n') }),
  };
}

/** @param files in place of the first ones, which lists show */
export function presentUpload(
  upload: UploadView,
  files: readonly ListedFile[] = upload.first_files,
): z.input<typeof uploadReply> {
  return {
    upload_id: upload.id,
    user_id: upload.user_id,
    username: upload.username,
    created_at: upload.created_at.toISOString(),
    file_count: upload.files,
    bytes: Number(upload.bytes),
    files: [...files],
    used_by: upload.used_by.map((model) => ({
      ...model,
      train_status: model.train_status as Status,
    })),
  };
}
