import { jobRoutes } from './jobs/routes';
import { nlpTextRoutes } from './nlp-text/routes';
import { controlRoutes } from './runs/control';
import { eventRoutes } from './runs/events';
import { observeRoutes } from './runs/observe';
import { progressRoutes } from './runs/progress';
import { reportRoutes } from './runs/report';
import { uploadRoutes } from './uploads/routes';
import { validatorRoutes } from './uploads/validatorRoutes';

export const trainRoutes = [
  ...uploadRoutes,
  ...validatorRoutes,
  ...nlpTextRoutes,
  ...observeRoutes,
  ...progressRoutes,
  ...eventRoutes,
  ...reportRoutes,
  ...controlRoutes,
  ...jobRoutes,
];
