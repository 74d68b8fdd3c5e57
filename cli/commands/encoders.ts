import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { loadConfig, type Config } from '../../src/config';
import type { EncoderPlaces } from '../../src/encoders/addEncoder';
import { attached } from '../../src/local-stack';
import { encoderLines } from '../encoderLines';
import { DownloadProgress } from '../downloadProgress';

/** `trainyard encoders`: the pretrained encoders that trainings may ask for. */
export function registerEncoders(program: Command): void {
  const encoders = program
    .command('encoders')
    .description('add, list and remove pretrained encoders');
  encoders
    .command('add')
    .description('add an encoder from a folder, or download it from the hub')
    .argument(
      '<source>',
      'a folder with config.json, tokenizer.json, model.safetensors; or a hub id',
    )
    .option('--revision <revision>', 'branch, tag or commit at the hub', 'main')
    .option('--name <name>', 'name for requests; the last part of the source unless given')
    .action((source: string, options: { revision: string; name?: string }) =>
      withPlaces((places, config) => add(source, options, places, config)),
    );
  encoders
    .command('list')
    .description('list the encoders')
    .action(() =>
      withPlaces(async ({ database }) => {
        const { allEncoders } = await import('../../src/database/models/encoders.js');
        say(encoderLines(await allEncoders(database)));
      }),
    );
  encoders
    .command('remove')
    .description('take an encoder away; what trainings still need of it stays stored')
    .argument('<name>')
    .action((name: string) =>
      withPlaces(async (places) => {
        const { removeEncoder } = await import('../../src/encoders/index.js');
        const { runs } = await removeEncoder(places, name);
        const kept = `; its files stay, ${runs} trainings refer to them`;
        say(`removed ${name}${runs === 0 ? '' : kept}`);
      }),
    );
}

async function add(
  source: string,
  { revision, name }: { revision: string; name?: string },
  places: EncoderPlaces,
  config: Config,
): Promise<void> {
  const { addFromFolder, addFromHub } = await import('../../src/encoders/index.js');
  const options = { ...places, home: config.home, ...(name === undefined ? {} : { name }) };
  const progress = new DownloadProgress(process.stderr);
  const encoder = isFolder(source)
    ? await addFromFolder(source, options)
    : await addFromHub(source, revision, {
        ...options,
        hub: {
          hub: config.hub.url,
          offline: config.hub.offline,
          onProgress: (path, bytes, total) => progress.show(path, bytes, total),
        },
      });
  say(encoderLines([encoder]));
}

/** What is there is meant; what looks like a path is no hub id. */
function isFolder(source: string): boolean {
  return (
    /^[./~\\]|^[A-Za-z]:|[/\\]$/.test(source) ||
    statSync(source, { throwIfNoEntry: false }) !== undefined
  );
}

async function withPlaces(
  work: (places: EncoderPlaces, config: Config) => Promise<void>,
): Promise<void> {
  const config = attached(loadConfig());
  const { connectDatabase } = await import('../../src/database/database.js');
  const { openArtifactStore } = await import('../../src/artifacts/openStore.js');
  const database = await connectDatabase({ url: config.database.url, poolSize: 2 });
  try {
    const store = await openArtifactStore(config.artifacts);
    try {
      await work({ database, store }, config);
    } finally {
      store.close();
    }
  } finally {
    await database.destroy();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
