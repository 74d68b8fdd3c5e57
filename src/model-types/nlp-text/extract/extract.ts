import type { RowFormat } from '../../../rows/rowFormat';
import { extractFiles } from '../../../rows/extractFiles';
import { columnReaders, readRows } from '../../../rows/readRows';
import type { StageFunction } from '../../contract/stageType';
import type { NlpTextOptions } from '../options';
import { stepVersions } from '../versions';
import { readDocuments } from './documents';
import { rowTaker } from './rowTaker';

/** Source files → datasets with the columns `text` and `label` (see labelCell.ts); see extractFiles. */
export const extract: StageFunction<NlpTextOptions> = (context, options) =>
  extractFiles(context, {
    unit: options.doc_classification ? 'documents' : 'rows',
    columns: ['text', 'label'],
    maxBadRows: options.max_bad_rows,
    version: stepVersions.extract,
    read: (files, target, tally) =>
      options.doc_classification
        ? readDocuments(files, target, tally, context)
        : readRows(files, formatOf(options), tally, context, (file, counts) =>
            rowTaker(target[file.part]!, tally, counts),
          ),
  });

function formatOf(options: NlpTextOptions): RowFormat {
  const { text_column, label_column, delimiter, quote, escape, charset } = options;
  return {
    modelType: 'nlp-text',
    columns: [
      { name: text_column, what: 'a text', list: false },
      { name: label_column, what: 'a label or a list of labels', list: true },
    ],
    delimiter,
    quote,
    escape,
    charset,
    readers: columnReaders,
    otherFiles: '. For a class per folder of documents, set doc_classification.',
  };
}
