import type { Command } from 'commander';
import { loadConfig } from '../../src/config';

/** `trainyard verify <model>`: trains again and compares the bytes. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .argument('<model>', 'id of a model that was trained here')
    .description(
      'train a model again from its recorded data and say whether the bytes are the same',
    )
    .action(async (modelId: string) => {
      const { attached } = await import('../../src/local-stack/index.js');
      const { connectDatabase } = await import('../../src/database/database.js');
      const { openArtifactStore } = await import('../../src/artifacts/openStore.js');
      const { verifyTraining } = await import('../../src/verify/verifyTraining.js');
      const config = attached(loadConfig());
      const database = await connectDatabase({ url: config.database.url, poolSize: 2 });
      try {
        const store = await openArtifactStore(config.artifacts);
        const { compared, remade } = await verifyTraining({ config, database, store }, modelId);
        if (remade.length > 0) {
          process.stdout.write(
            `no longer in the step cache, so made again and not compared: ${remade.join(', ')}\n`,
          );
        }
        for (const { stage, path, recorded, again } of compared) {
          const verdict = recorded === again ? 'same     ' : 'DIFFERENT';
          process.stdout.write(`${verdict}  ${stage}/${path}  ${again ?? 'absent'}\n`);
        }
        const different = compared.filter(({ recorded, again }) => recorded !== again).length;
        process.stdout.write(
          different === 0
            ? `all ${compared.length} files are the same, byte for byte\n`
            : `${different} of ${compared.length} files differ\n`,
        );
        if (different > 0) process.exitCode = 1;
      } finally {
        await database.destroy();
      }
    });
}
