import { randomUUID } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { publishTree } from '../artifacts/trees/tree';
import { violatedConstraint, databaseErrorCode, foreignKeyBroken } from '../database/constraints';
import type { Database } from '../database/database';
import {
  encoderByName,
  encoderNameUnique,
  encoderTree,
  insertEncoder,
  keepEncoderContent,
  type Encoder,
  type EncoderContent,
  type EncoderNaming,
} from '../database/models/encoders';
import { TrainyardError } from '../errors';
import { contentHash } from './contentHash';
import { loadEncoder } from './encoderFolder';
import { checkEncoderName } from './encoderName';

export interface EncoderToAdd {
  /** Holds the encoder's files and nothing else. They may be moved into the store. */
  folder: string;
  name: string;
  /** For people: `folder`, or id and commit at the hub. */
  source: string;
  licence: string | undefined;
}

/** Where encoders are kept. */
export interface EncoderPlaces {
  database: Database;
  store: ArtifactStore;
}

/**
 * Checks an encoder wholly, then stores and names it. The same files under the same name again change
 * nothing.
 * @throws TrainyardError `invalid_encoder`, `invalid_encoder_name`, `encoder_name_taken`
 */
export async function addEncoder(
  places: EncoderPlaces,
  { folder, name, source, licence }: EncoderToAdd,
): Promise<Encoder> {
  checkEncoderName(name);
  const { config, maxLength, context } = loadEncoder(folder);
  const { hash, bytes } = await contentHash(folder);
  const there = await encoderByName(places.database, name);
  if (there) return sameOrTaken(there, hash);
  const naming = { id: randomUUID(), name, hash, source, licence: licence ?? null };
  const facts = {
    hash,
    family: config.family,
    dims: config.hidden,
    max_length: maxLength,
    context_length: context,
    bytes,
  };
  try {
    if (!(await nameStored(places.database, naming))) {
      await storeAndName(places, folder, facts, naming);
    }
  } catch (error) {
    if (violatedConstraint(error) !== encoderNameUnique) throw error;
    return sameOrTaken((await encoderByName(places.database, name))!, hash);
  }
  return (await encoderByName(places.database, name))!;
}

/** Names a content that is there already. @returns false when it is not, or is removed meanwhile */
async function nameStored(database: Database, naming: EncoderNaming): Promise<boolean> {
  if (!(await encoderTree(database, naming.hash))) return false;
  try {
    await insertEncoder(database, naming);
    return true;
  } catch (error) {
    if (databaseErrorCode(error) === foreignKeyBroken) return false;
    throw error;
  }
}

/** Objects first, rows last: an encoder is there wholly or not at all. */
async function storeAndName(
  { database, store }: EncoderPlaces,
  folder: string,
  facts: Omit<EncoderContent, 'tree'>,
  naming: EncoderNaming,
): Promise<void> {
  const prefix = `encoders/${randomUUID()}/`;
  let used = false;
  try {
    const tree = await publishTree(store, prefix, folder);
    const kept = await database.transaction(async (tx) => {
      const inUse = await keepEncoderContent(tx, { ...facts, tree });
      await insertEncoder(tx, naming);
      return inUse;
    });
    used = kept.manifest.key === tree.manifest.key;
  } finally {
    // Another process may have stored the same meanwhile.
    if (!used) await store.deletePrefix(prefix);
  }
}

function sameOrTaken(there: Encoder, hash: string): Encoder {
  if (there.hash === hash) return there;
  throw new TrainyardError(
    'config',
    'encoder_name_taken',
    `another encoder is named ${JSON.stringify(there.name)} (hash ${there.hash.slice(0, 12)}…): choose a name with --name, or remove that one first`,
    409,
  );
}
