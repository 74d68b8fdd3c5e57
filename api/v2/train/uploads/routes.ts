import { z } from 'zod';
import { saveUpload, UploadsUnderWay } from '../../../../src/data/uploads';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { requireDiskSpace } from '../common/diskSpace';
import { deletionRoutes } from './deletion';
import { listingRoutes } from './listing';
import { presentSent } from './presenter';
import { sentReply } from './schema';

/** Of this process. */
const underWay = new UploadsUnderWay();

/** Sending files, looking at what was sent, and deleting it. */
export const uploadRoutes = [
  ...listingRoutes,
  ...deletionRoutes,
  route({
    method: 'post',
    path: '/train/upload-data',
    summary: 'Send files to train on',
    description:
      'Every part named "files" is kept under its file name; relative folders in it are kept, and two files with one name are refused with 422. ' +
      'Other parts are ignored. Names that lead out of the upload ("..", absolute paths, backslashes) are refused with 422. ' +
      'An upload is kept wholly or not at all, and only its sender may train on it.',
    policy: access.user,
    before: [requireDiskSpace],
    query: z.object({
      sub_dir: z.string().optional().meta({
        description: 'Folder for all files of this upload: letters, digits and "_".',
        pattern: '^[A-Za-z0-9_]{0,255}$',
      }),
    }),
    streamedBody: {
      mediaType: 'multipart/form-data',
      schema: {
        type: 'object',
        properties: { files: { type: 'array', items: { type: 'string', format: 'binary' } } },
      },
    },
    response: sentReply,
    handler: async ({ deps, user, query, request, signal }) => {
      const { uploads, quotas } = deps.config;
      const saved = await underWay.during(user.id, quotas.uploadsUnderWay, () =>
        saveUpload(request, request.headers, {
          store: deps.store,
          database: deps.database,
          userId: user.id,
          subDir: query.sub_dir,
          maxBytes: uploads.maxBytes,
          maxFiles: uploads.maxFiles,
          maxStoredBytes: quotas.storedBytes,
          signal,
        }),
      );
      return presentSent(saved);
    },
  }),
];
