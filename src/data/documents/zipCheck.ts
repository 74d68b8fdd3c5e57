import { finished } from 'node:stream/promises';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf, TrainyardError } from '../../errors';
import { documentLimits, overLimit, unreadable } from './documentText';

/**
 * Refuses zip bombs before anything unzips them in memory: of the entries that will be read, both
 * the sizes that the archive declares and those that really come out must stay within the limits.
 */
export async function assertUnzippable(bytes: Buffer, willBeRead: RegExp): Promise<void> {
  const zip = await open(bytes);
  try {
    if (zip.entryCount > documentLimits.zipEntries) {
      throw overLimit(
        `the archive has ${zip.entryCount} entries (limit ${documentLimits.zipEntries})`,
      );
    }
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      if (!willBeRead.test(entry.fileName)) continue;
      total += entry.uncompressedSize;
      if (total > documentLimits.unzippedBytes) throw tooLarge();
      // Inflates the entry and throws it away; fails once more comes out than was declared.
      await drain(zip, entry);
    }
  } catch (error) {
    if (error instanceof TrainyardError) throw error;
    throw unreadable(
      'zip_damaged',
      `the archive inside is damaged: ${messageOf(error).slice(0, 120)}`,
    );
  } finally {
    zip.close();
  }
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(bytes, { validateEntrySizes: true });
  } catch (error) {
    throw unreadable(
      'zip_damaged',
      `the file is not a whole Word document: ${messageOf(error).slice(0, 120)}`,
    );
  }
}

async function drain(zip: ZipFile, entry: Entry): Promise<void> {
  const stream = await zip.openReadStreamPromise(entry);
  await finished(stream.resume());
}

function tooLarge(): TrainyardError {
  const limit = documentLimits.unzippedBytes >> 20;
  return overLimit(`the document unzips to more than ${limit} MiB`);
}
