import { Initial1763700000000 } from './1763700000000-initial';
import { Encoders1763800000000 } from './1763800000000-encoders';
import { Attempts1764000000000 } from './1764000000000-attempts';
import { ServingHealth1764020000000 } from './1764020000000-serving-health';
import { Accounts1764030000000 } from './1764030000000-accounts';
import { Uploads1764040000000 } from './1764040000000-uploads';

/** Every migration, oldest first. */
export const migrations = [
  Initial1763700000000,
  Encoders1763800000000,
  Attempts1764000000000,
  ServingHealth1764020000000,
  Accounts1764030000000,
  Uploads1764040000000,
];
