import { z } from 'zod';
import { allEncoders } from '../../../src/database/models/encoders';
import { access } from '../../core/access';
import { route } from '../../core/route';
import { presentEncoder } from './presenter';
import { encoderReply } from './schema';

/** Only operators add encoders, on the command line: no request makes the server fetch anything. */
export const encoderRoutes = [
  route({
    method: 'get',
    path: '/encoders',
    summary: 'The pretrained encoders that a training may ask for',
    description: 'By name. Operators add them with `trainyard encoders add`.',
    policy: access.user,
    response: z.array(encoderReply),
    handler: async ({ deps }) => (await allEncoders(deps.database)).map(presentEncoder),
  }),
];
