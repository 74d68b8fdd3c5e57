import type { Command } from 'commander';
import { loadConfig } from '../../src/config';
import { TrainyardError } from '../../src/errors';
import { attached, reachable, runningStack } from '../../src/local-stack';

/** `trainyard password-link`: a new password for who has forgotten it, an administrator for instance. */
export function registerPasswordLink(program: Command): void {
  program
    .command('password-link <email>')
    .description('print a link that works once, with which a user chooses a new password')
    .action(async (email: string) => {
      const config = attached(loadConfig());
      const api =
        runningStack(config.home)?.urls.api ??
        `http://${reachable(config.api.host)}:${config.api.port}`;
      const { connectDatabase } = await import('../../src/database/database.js');
      const { userForLogin } = await import('../../src/database/accounts/users.js');
      const { createPasswordReset } = await import('../../src/auth/passwordReset.js');
      const database = await connectDatabase({ url: config.database.url, poolSize: 1 });
      try {
        const user = await userForLogin(database, email);
        if (!user) {
          const message = `no user has the e-mail ${email}: allowed is the address that somebody signed up with`;
          throw new TrainyardError('config', 'user_not_found', message, 404);
        }
        const { path } = await createPasswordReset(database, user.id);
        process.stdout.write(
          `${api}${path} sets a new password for ${user.email}, once, within a day\n`,
        );
      } finally {
        await database.destroy();
      }
    });
}
