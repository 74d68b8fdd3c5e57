import { z } from 'zod';
import { uploadChunkSources } from '../../../../src/data/uploads';
import { verifyDocumentFolder } from '../../../../src/data/validators/documentFolder';
import { validateTrainableCsvInThread } from '../../../../src/data/validators/trainableCsvInThread';
import { uploadById } from '../../../../src/database/uploads/uploads';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { requireDiskSpace } from '../common/diskSpace';
import { checkUploads } from '../common/sources';

/** Looking at files before a training does. */
export const validatorRoutes = [
  route({
    method: 'post',
    path: '/train/verify-doc-dir',
    summary: 'Check the file names of a folder of documents, one folder a class',
    description:
      'Valid: every name is root/category/file.pdf, at least 2 categories, at least 10 files in each. Always answers 200.',
    policy: access.user,
    before: [requireDiskSpace],
    maxBodyBytes: 16 * 1024 * 1024,
    maxBodyValues: 200_000,
    body: z.object({
      filenames: z
        .array(z.string())
        .nullish()
        .transform((names) => names ?? []),
    }),
    response: z.object({
      is_valid: z.boolean(),
      msg: z.string().meta({ description: 'What is wrong, or that nothing is.' }),
      categories: z.record(z.string(), z.array(z.string())),
    }),
    handler: ({ body }) => verifyDocumentFolder(body.filenames),
  }),
  route({
    method: 'post',
    path: '/train/validate-trainable-csv',
    summary: 'Check an uploaded CSV file and list its labels',
    description:
      'The upload must hold exactly one .csv file (415). Its header must be exactly text and labels, or source and target for tokens; malformed rows are refused with their line (422), files over 512 MiB or with over 100,000 different labels for their size (413). The tag "O" is left out of the labels.',
    policy: access.user,
    before: [requireDiskSpace],
    refuses: [403],
    body: z.object({
      upload_id: z.string().default('').meta({ format: 'uuid' }),
      type: z.enum(['text', 'token'], { error: 'must be "text" or "token"' }),
    }),
    response: z.object({ labels: z.array(z.string()) }),
    handler: async ({ deps, user, body: { upload_id, type }, signal }) => {
      await checkUploads(deps.database, user, [{ location: 'upload', path: upload_id }]);
      const upload = await uploadById(deps.database, upload_id);
      const files = await uploadChunkSources(deps.store, upload!);
      return { labels: await validateTrainableCsvInThread(files, type, signal) };
    },
  }),
];
