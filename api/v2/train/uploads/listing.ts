import { z } from 'zod';
import { openUpload } from '../../../../src/data/uploads';
import { uploadById } from '../../../../src/database/uploads/uploads';
import { uploadView, visibleUploads } from '../../../../src/database/uploads/uploadViews';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { presentUpload } from './presenter';
import { requireOwnUpload, uploadNotFound } from './ownUpload';
import { uploadReply, uploadsQuery } from './schema';

export const listingRoutes = [
  route({
    method: 'get',
    path: '/train/uploads',
    summary: 'Your uploads, newest first',
    description:
      'Administrators see those of all users. Each names its first 20 files, and the models that were trained on it. At most 100 at a time: when there are more, the header X-Next-After has what to send as `after` for the next page.',
    policy: access.user,
    query: uploadsQuery,
    response: z.array(uploadReply),
    handler: async ({ deps, user, query, setHeader }) => {
      const uploads = await visibleUploads(deps.database, user, query);
      const last = uploads.at(-1);
      if (last && uploads.length === query.limit) setHeader('X-Next-After', last.cursor);
      return uploads.map((upload) => presentUpload(upload));
    },
  }),
  route({
    method: 'get',
    path: '/train/uploads/:upload_id',
    summary: 'One upload with all of its files',
    policy: access.user,
    refuses: [403],
    response: uploadReply,
    handler: async ({ deps, user, params }) => {
      const id = params.upload_id;
      await requireOwnUpload(deps.database, user, id);
      const [view, upload] = [
        await uploadView(deps.database, id),
        await uploadById(deps.database, id),
      ];
      if (!view || !upload) throw uploadNotFound(id);
      const files = await openUpload(deps.store, upload);
      return presentUpload(
        view,
        files.map(({ path, bytes }) => ({ name: path, bytes })),
      );
    },
  }),
];
