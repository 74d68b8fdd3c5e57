// Exits 0 when the address answers 200; the image has no curl.
import { get } from 'node:http';

get(process.argv[2], { timeout: 4000 }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
