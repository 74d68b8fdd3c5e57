import { modelContent, type ModelAccess } from '../../../src/database/models/models';
import { TrainyardError } from '../../../src/errors';
import { access } from '../../core/access';
import { media, Streamed } from '../../core/reply';
import { route } from '../../core/route';
import { zipOfBundle } from './zipOfBundle';

export const downloadRoutes = [
  route({
    method: 'get',
    path: '/model/:model_id/download',
    summary: 'The model as a zip file',
    description:
      'What any ONNX runtime needs, beside a manifest and `metadata.json`. The same model gives the same files. 422 unless its training is complete.',
    policy: access.model('read'),
    response: media('application/zip', 'The bundle: manifest.json, model.onnx, metadata.json, ….'),
    handler: async ({ deps, model, signal }) => {
      const { bundle, attributes } = await modelContent(deps.database, model.id);
      if (model.train_status !== 'complete' || !bundle) throw notComplete(model);
      const metadata = { Type: model.type, Attributes: attributes };
      const zip = await zipOfBundle(deps.store, bundle, metadata, signal);
      const file = encodeURIComponent(`${model.name}.zip`);
      return new Streamed('application/zip', zip, {
        'Content-Disposition': `attachment; filename="${model.id}.zip"; filename*=UTF-8''${file}`,
      });
    },
  }),
];

function notComplete({ train_status }: ModelAccess): TrainyardError {
  return new TrainyardError(
    'config',
    'model_not_complete',
    train_status === 'complete'
      ? 'the model has no files to download'
      : `only models whose training is complete can be downloaded; this one is ${train_status}`,
  );
}
