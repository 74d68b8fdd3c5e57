import { jobRoutes } from './jobs/routes';
import { trainingRoute } from './common/trainingRoute';
import { nlpText } from './nlp-text';
import { nlpToken } from './nlp-token';
import { controlRoutes } from './runs/control';
import { eventRoutes } from './runs/events';
import { observeRoutes } from './runs/observe';
import { progressRoutes } from './runs/progress';
import { reportRoutes } from './runs/report';
import { uploadRoutes } from './uploads/routes';
import { validatorRoutes } from './uploads/validatorRoutes';

/** What can be trained: one line for each kind of request. */
const trainingRoutes = [trainingRoute(nlpText), trainingRoute(nlpToken)];

export const trainRoutes = [
  ...uploadRoutes,
  ...validatorRoutes,
  ...trainingRoutes,
  ...observeRoutes,
  ...progressRoutes,
  ...eventRoutes,
  ...reportRoutes,
  ...controlRoutes,
  ...jobRoutes,
];
