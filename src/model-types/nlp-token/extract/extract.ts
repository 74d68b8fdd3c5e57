import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCsvRows } from '../../../rows/csvRows';
import { extractFiles } from '../../../rows/extractFiles';
import { readRows } from '../../../rows/readRows';
import type { RowFormat } from '../../../rows/rowFormat';
import { readConllRows } from '../../../tagging/reading/conllRows';
import { readTaggedJsonlRows } from '../../../tagging/reading/jsonlRows';
import { isRuleTag } from '../../../tagging/rules';
import type { StageFunction } from '../../contract/stageType';
import type { NlpTokenOptions } from '../options';
import { stepVersions } from '../versions';
import { extractFacts, type ExtractFacts } from './facts';
import { TaggedFile } from './taggedFile';

/** Source files → datasets with the columns `text` and `spans` (see span.ts), and `tagging.json`; see extractFiles. */
export const extract: StageFunction<NlpTokenOptions> = async (context, options) => {
  const facts: ExtractFacts = { annotated: 0 };
  await extractFiles(context, {
    unit: 'rows',
    columns: ['text', 'spans'],
    maxBadRows: options.max_bad_rows,
    version: stepVersions.extract,
    // Rules need nothing to learn from.
    mayBeEmpty: options.target_labels.every(isRuleTag),
    read: async (files, target, tally) => {
      const opened: TaggedFile[] = [];
      await readRows(files, formatOf(options), tally, context, (file, counts) => {
        const tagged = new TaggedFile(target[file.part]!, tally, counts, options);
        opened.push(tagged);
        return (cells, line) => tagged.take(cells, line);
      });
      for (const file of opened) {
        file.tellRepairs();
        facts.annotated += file.annotated;
      }
    },
  });
  await writeFile(join(context.outputs, extractFacts), `${JSON.stringify(facts)}\n`);
};

/** Names of files in the format of the CoNLL shared tasks; it has none of its own. */
const conllEndings = ['.conll', '.iob', '.iob2', '.bio', '.bioes', '.ner', '.txt'];

function formatOf(options: NlpTokenOptions): RowFormat {
  const { source_column, target_column, delimiter, quote, escape, charset } = options;
  return {
    modelType: 'nlp-token',
    columns: [
      { name: source_column, what: 'a text or a list of tokens', list: true },
      { name: target_column, what: 'a text or a list of tags', list: true },
    ],
    readers: {
      '.csv': readCsvRows,
      '.tsv': readCsvRows,
      '.jsonl': readTaggedJsonlRows,
      ...Object.fromEntries(conllEndings.map((ending) => [ending, readConllRows])),
    },
    delimiter,
    quote,
    escape,
    charset,
    otherFiles: `, and on CoNLL files (a token and its tag a line), which end in ${conllEndings.join(', ')}.`,
  };
}
