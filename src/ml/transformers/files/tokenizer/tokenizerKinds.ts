import type { JsonFields } from '../jsonFields';

/** The parts of a `tokenizer.json` that are known to give the tokens of the reference implementation. */
const known = {
  model: ['WordPiece', 'BPE', 'Unigram'],
  normalizer: [
    'BertNormalizer',
    'Precompiled',
    'Sequence',
    'Replace',
    'NFC',
    'NFD',
    'NFKC',
    'NFKD',
    'Strip',
    'StripAccents',
    'Lowercase',
  ],
  pre_tokenizer: ['BertPreTokenizer', 'ByteLevel', 'Metaspace', 'WhitespaceSplit', 'Sequence'],
  post_processor: [
    'TemplateProcessing',
    'BertProcessing',
    'RobertaProcessing',
    'ByteLevel',
    'Sequence',
  ],
} as const;

/** The fields of a sequence that hold its parts. */
const parts = {
  normalizer: 'normalizers',
  pre_tokenizer: 'pretokenizers',
  post_processor: 'processors',
};

/** Refuses tokenizers with a part of an unknown kind, by its name. */
export function checkKinds(tokenizer: JsonFields): void {
  checkModel(tokenizer.object('model'));
  for (const role of ['normalizer', 'pre_tokenizer', 'post_processor'] as const) {
    if (tokenizer.has(role)) checkPart(tokenizer.object(role), role);
  }
}

function checkPart(part: JsonFields, role: keyof typeof parts): void {
  const kind: string = part.oneOf('type', known[role]);
  if (kind !== 'Sequence') return;
  for (const inner of part.objects(parts[role])) checkPart(inner, role);
}

/** Settings that the library does not follow would give other tokens. */
function checkModel(model: JsonFields): void {
  const kind = model.oneOf('type', known.model);
  if (kind === 'WordPiece') {
    model.text('continuing_subword_prefix');
    model.text('unk_token');
  }
  if (kind === 'BPE') {
    for (const name of ['continuing_subword_prefix', 'end_of_word_suffix']) {
      if ((model.value(name) ?? '') !== '') model.refuse(name, 'nothing');
    }
    if ((model.value('dropout') ?? 0) !== 0) {
      model.refuse('dropout', '0: the same tokens each time');
    }
  }
  if (kind === 'Unigram' && model.flag('byte_fallback', false)) {
    model.refuse('byte_fallback', 'false');
  }
}
