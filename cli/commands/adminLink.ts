import type { Command } from 'commander';
import { loadConfig } from '../../src/config';
import { attached, reachable, runningStack } from '../../src/local-stack';

/** `trainyard admin-link`: how the first administrator comes in. */
export function registerAdminLink(program: Command): void {
  program
    .command('admin-link')
    .description('print how to sign in; without any administrator, a sign-up link that works once')
    .action(async () => {
      const config = attached(loadConfig());
      const api =
        runningStack(config.home)?.urls.api ??
        `http://${reachable(config.api.host)}:${config.api.port}`;
      const { connectDatabase } = await import('../../src/database/database.js');
      const { ensureFirstAdministrator } = await import('../../src/auth/firstAdministrator.js');
      const database = await connectDatabase({ url: config.database.url, poolSize: 1 });
      try {
        const token = await ensureFirstAdministrator(database, config.admin);
        const email = config.admin?.email ?? '<your e-mail>';
        process.stdout.write(
          token === undefined
            ? `curl -u '${email}' ${api}/api/v2/user/login\n`
            : `${api}/api/v2/setup?token=${token} makes the first administrator, once\n`,
        );
      } finally {
        await database.destroy();
      }
    });
}
