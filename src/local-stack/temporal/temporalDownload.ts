import { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * Has the SDK download the Temporal CLI that fits it into a folder. It downloads only to start a
 * server, so one is started and ended. Runs as a process of its own (`node temporalDownload.js
 * <folder>`): the supervisor can end it, and does not keep the native SDK in its memory.
 */
async function download(folder: string): Promise<void> {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder, ttl: '3650 days' } },
  });
  await environment.teardown();
}

download(process.argv[2]!).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
