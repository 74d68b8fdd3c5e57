import { z } from 'zod';
import { modelNotFound } from '../../../src/auth/policies';
import { modelView, visibleModels } from '../../../src/database/models/modelViews';
import { access } from '../../core/access';
import { route } from '../../core/route';
import { deletionRoutes } from './deletion';
import { downloadRoutes } from './download';
import { presentModel, presentPage } from './presenter';
import { modelReply, modelsQuery, pagingNote } from './schema';
import { sharingRoutes } from './sharing';

export const modelRoutes = [
  route({
    method: 'get',
    path: '/model/list',
    summary: 'The models that you may see, newest first',
    description: `Yours, public ones and those of your teams; for administrators, all. ${pagingNote}`,
    policy: access.user,
    query: modelsQuery,
    response: z.array(modelReply),
    handler: async ({ deps, user, query, setHeader }) =>
      presentPage(await visibleModels(deps.database, user, query), query, setHeader),
  }),
  route({
    method: 'get',
    path: '/model/:model_id',
    summary: 'One model',
    policy: access.model('read'),
    response: modelReply,
    handler: async ({ deps, model }) => {
      const view = await modelView(deps.database, model.id);
      if (!view) throw modelNotFound(model.id);
      return presentModel(view);
    },
  }),
  ...sharingRoutes,
  ...downloadRoutes,
  ...deletionRoutes,
];
