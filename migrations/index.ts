import { Initial1763700000000 } from './1763700000000-initial';
import { Encoders1763800000000 } from './1763800000000-encoders';
import { ServingHealth1764020000000 } from './1764020000000-serving-health';

/** Every migration, oldest first. */
export const migrations = [Initial1763700000000, Encoders1763800000000, ServingHealth1764020000000];
