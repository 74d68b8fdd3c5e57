import type { z } from 'zod';
import type { Encoder } from '../../../../src/database/models/encoders';
import type { NewTraining } from '../../../../src/training/createTraining';
import type { Places } from './sources';

/** What planning a request may look at. */
export interface PlanContext {
  /** What the caller may read. */
  places: Places;
  /** The installed encoders; looked up when they are asked for. */
  encoders: () => Promise<readonly Encoder[]>;
}

/** `POST /train/<name>`: how a kind of model is asked for. */
export interface TrainingRequest<Body extends z.ZodType = z.ZodType> {
  name: string;
  summary: string;
  body: Body;
  /** @throws TrainyardError 422 with everything that is wrong, one line each. */
  plan(body: z.output<Body>, context: PlanContext): Promise<NewTraining>;
}
