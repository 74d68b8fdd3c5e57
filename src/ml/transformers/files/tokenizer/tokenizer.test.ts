import {
  referenceIds,
  referenceTexts,
  referenceTokenizers,
} from '../../testing/referenceTokenizers';
import { missingParityFiles } from '../../testing/parity/parityFiles';
import { tokenParity } from '../../testing/parity/tokenParity';
import { tinyTokenizer, tinyVocabulary } from '../../testing/tinyTokenizer';
import { textChunks } from './textChunks';
import { readTokenizer, type TextTokenizer } from './tokenizer';
import { tokenizeTexts } from './tokenizeTexts';

const tiny = (change: object = {}, words = ['card', 'lost', '##ing']): TextTokenizer =>
  readTokenizer(Buffer.from(JSON.stringify({ ...tinyTokenizer(words), ...change })));
const model = tinyTokenizer([])['model'] as object;
const tokenOf = (token: string): number => tinyVocabulary(['card', 'lost', '##ing']).indexOf(token);

const published = missingParityFiles().length === 0 ? describe : describe.skip;

published('the tokenizer of MiniLM', () => {
  it('gives the ids of the reference implementation', () => {
    const { sequences, differing } = tokenParity();
    expect(differing).toEqual([]);
    expect(sequences).toBeGreaterThan(20);
  });
});

const read = (tokenizer: object): TextTokenizer =>
  readTokenizer(Buffer.from(JSON.stringify(tokenizer)));
const idsBy = (tokenizer: TextTokenizer): number[][] =>
  referenceTexts.map((text) => [...tokenizer.encode(text)]);

describe('tokenizers made with the reference implementation', () => {
  it.each(['byteLevel', 'unigram', 'precompiled'] as const)('give its ids (%s)', (name) => {
    const ids = idsBy(read(referenceTokenizers[name]));
    const differing = referenceTexts.filter(
      (_, i) => ids[i]!.join() !== referenceIds[name][i]!.join(),
    );
    expect(differing).toEqual([]);
    expect(ids.length).toBeGreaterThan(25);
  });
});

describe('tokenizers from files without the kind of model', () => {
  const untyped = ({ model }: { model: object }, changes: object = {}): object => ({
    ...Object.fromEntries(Object.entries(model).filter(([name]) => name !== 'type')),
    ...changes,
  });

  it('are byte-pair encodings where there are merges, as text or in pairs', () => {
    const { byteLevel } = referenceTokenizers;
    const old = {
      unk_token: null,
      dropout: 0,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      merges: byteLevel.model.merges.map((pair) => pair.join(' ')),
    };
    expect(idsBy(read({ ...byteLevel, model: untyped(byteLevel, old) }))).toEqual(
      referenceIds.byteLevel,
    );
    const pairs = untyped(byteLevel, { dropout: null, unk_token: '<unk>' });
    expect(idsBy(read({ ...byteLevel, model: pairs }))).toEqual(referenceIds.byteLevel);
  });

  it('are unigram models where the vocabulary is a list', () => {
    const { precompiled } = referenceTokenizers;
    const model = untyped(precompiled, { byte_fallback: null });
    const metaspace = { type: 'Metaspace', replacement: '▁', str_rep: '▁', add_prefix_space: true };
    const pre_tokenizer = {
      type: 'Sequence',
      pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace],
    };
    const tokenizer = read({ ...precompiled, model, pre_tokenizer });
    expect(idsBy(tokenizer)).toEqual(referenceIds.precompiled);
    expect(tokenizer.unknownId).toBe(3);
  });

  it('are word pieces where words have a longest length', () => {
    const words = ['card', 'lost', '##ing'];
    const { model, ...rest } = tinyTokenizer(words) as { model: object };
    const old = read({ ...rest, model: untyped({ model }) });
    expect([...old.encode('Lost carding ☃')]).toEqual(
      ['[CLS]', 'lost', 'card', '##ing', '[UNK]', '[SEP]'].map(tokenOf),
    );
    expect(old.unknownId).toBe(tokenOf('[UNK]'));
  });
});

describe('TextTokenizer', () => {
  const tokenizer = tiny();

  it('puts special tokens around a text and keeps to the length', () => {
    expect([...tokenizer.encode('Lost card')]).toEqual(
      ['[CLS]', 'lost', 'card', '[SEP]'].map(tokenOf),
    );
    expect([...tokenizer.encode('card '.repeat(100), 5)]).toEqual(
      ['[CLS]', 'card', 'card', 'card', '[SEP]'].map(tokenOf),
    );
    expect(() => tokenizer.encode('card', 2)).toThrow('leaves no room');
  });

  it('reads Greek letter by letter and Chinese beyond 16 bits character by character', () => {
    const words = tiny({}, ['σοφοσ']);
    expect(words.tokens('ΣΟΦΟΣ').ids).toHaveLength(1);
    expect(words.tokens('ΣΟΦΟΣ').ids).not.toContain(words.unknownId);
    expect([...tokenizer.tokens('\u{20000}\u{20001}').ids]).toEqual([1, 1]);
  });

  it('has the same tokens for a long text as for its parts', () => {
    const text = 'lost cards, losing e\u0301 \u{1F600} 東京 [MASK] card.\n'.repeat(2_000);
    const chunks = [...textChunks(text)];
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.join('')).toBe(text);
    const whole = 'lost cards, losing e\u0301 \u{1F600} 東京 [MASK] card.\n';
    const { ids } = tokenizer.tokens(whole);
    const { ids: all } = tokenizer.tokens(text);
    expect(all).toHaveLength(2_000 * ids.length);
    for (let i = 0; i < all.length; i++)
      if (all[i] !== ids[i % ids.length]) throw new Error(`${i}`);
  });

  it('cuts a text without spaces between characters', () => {
    const text = '\u{20000}'.repeat(200_000);
    for (const chunk of textChunks(text)) expect(chunk.length % 2).toBe(0);
    expect(tokenizer.tokens(text).ids).toHaveLength(200_000);
  });

  it('reads 10 MB of text no further than needed', () => {
    const { ids, more } = tokenizer.tokens('lost card '.repeat(1_000_000), 62);
    expect([ids.length, more]).toEqual([62, true]);
  });

  it('gives up on a text of millions of characters with hardly a token', () => {
    const { ids, more } = tokenizer.tokens(`${'\n'.repeat(5_000_000)}card`, 62);
    expect([ids.length, more]).toEqual([0, true]);
    expect(tokenizer.tokens(`${'\n'.repeat(500_000)}card`, 62).ids).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    [
      'a model of an unknown kind',
      { model: { ...model, type: 'WordLevel' } },
      '"model.type" is "WordLevel"; expected "WordPiece", "BPE", "Unigram"',
    ],
    [
      'a model whose kind cannot be told',
      { model: { vocab: { a: 0 } } },
      '"model.type" is missing; expected "WordPiece", "BPE", "Unigram"',
    ],
    [
      'merges of what is no token',
      { model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: ['a b'] } },
      '"model.merges.0" is "a b"; expected two tokens of "vocab" that make a third',
    ],
    [
      'merges of other than two',
      { model: { vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b'], 'a b'] } },
      '"model.merges.1" is "a b"; expected two tokens',
    ],
    [
      'dropout',
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [], dropout: 0.1 } },
      '"model.dropout" is 0.1; expected 0: the same tokens each time',
    ],
    [
      'a map that is none',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } },
      '"normalizer.precompiled_charsmap" is "AAAA"; expected SentencePiece\'s map in base64',
    ],
    [
      'added tokens that are whole words only',
      { added_tokens: [{ id: 0, content: 'y', single_word: true }] },
      '"added_tokens.0.single_word" is true; expected false',
    ],
    ['no model', { model: undefined }, '"model" is missing; expected an object'],
    ['an id below 0', { model: { ...model, vocab: { a: -1 } } }, '"model.vocab.a" is -1'],
    [
      'an unknown token that is none',
      { model: { ...model, unk_token: '[?]' } },
      '"model.unk_token" is "[?]"; expected a token',
    ],
    [
      'a pre-tokenizer of an unknown kind',
      { pre_tokenizer: { type: 'Whitespace' } },
      '"pre_tokenizer.type" is "Whitespace"',
    ],
    [
      'a normalizer of an unknown kind within a sequence',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Nmt' }] } },
      '"normalizer.normalizers.0.type" is "Nmt"; expected "BertNormalizer"',
    ],
    [
      'a post-processor of an unknown kind',
      { post_processor: { type: 'Python' } },
      '"post_processor.type" is "Python"',
    ],
    [
      'an added token with a wrong id',
      { added_tokens: [{ id: 'x', content: 'y' }] },
      '"added_tokens.0.id" is "x"',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => tiny(change)).toThrow(`tokenizer.json: ${message}`);
  });
});

describe("other families' tokenizers", () => {
  const roberta = { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] };

  it('merge bytes as RoBERTa does, also in long texts', () => {
    const vocab = ['<s>', '<pad>', '</s>', '<unk>', 'h', 'i', 'Ġ', 'hi', 'Ġhi', '!'];
    const tokenizer = read({
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
      post_processor: roberta,
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
        merges: ['h i', 'Ġ hi'],
      },
    });
    expect([...tokenizer.encode('hi hi!')]).toEqual([0, 7, 8, 9, 2]);
    const { ids } = tokenizer.tokens(`hi${' hi'.repeat(30_000)}`);
    expect([ids.length, ids[0], new Set(ids.subarray(1))]).toEqual([30_001, 7, new Set([8])]);
  });

  it('find the likeliest pieces as XLM-R does, and keep joined emoji together', () => {
    const pieces = ['<s>', '<pad>', '</s>', '<unk>', '▁', 'h', 'i', '▁hi', '\u200d', '😀'];
    const tokenizer = read({
      normalizer: referenceTokenizers.precompiled.normalizer,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', add_prefix_space: true }],
      },
      post_processor: roberta,
      model: { type: 'Unigram', unk_id: 3, vocab: pieces.map((piece, i) => [piece, -i / 10]) },
    });
    expect([...tokenizer.encode('hi  ｈｉ x')]).toEqual([0, 7, 7, 4, 3, 2]);
    expect([...tokenizer.tokens('😀\u200d😀').ids]).toEqual([4, 9, 8, 9]);
    expect(tokenizer.unknownId).toBe(3);
    expect(tokenizer.tokens(`hi${' hi'.repeat(30_000)}`).ids).toHaveLength(30_001);
  });
});

describe('unknown tokens', () => {
  it('are joined within a word where the model says so, never across words', () => {
    const unknown = (fuse_unk: boolean): number[] => {
      const model = { vocab: { '<unk>': 0, a: 1 }, merges: [], unk_token: '<unk>', fuse_unk };
      return [...read({ model, pre_tokenizer: { type: 'WhitespaceSplit' } }).encode('xy z axy')];
    };
    expect([unknown(true), unknown(false)]).toEqual([
      [0, 0, 1, 0],
      [0, 0, 0, 1, 0, 0],
    ]);
  });
});

describe('tokenizeTexts', () => {
  const tokenizer = tiny();
  const texts = ['card', '', ' \u200b\n', '\u{1F600} \u{1F601}', 'card lost '.repeat(30)];

  it('truncates and counts what was cut, empty and unknown', () => {
    const options = { length: 10, longTexts: 'truncate', mostWindows: 1 } as const;
    const { rows, texts: owners, counts } = tokenizeTexts(tokenizer, texts, options);
    expect(counts).toEqual({ texts: 5, cut: 1, windowed: 0, empty: 2, unknown: 1 });
    expect(rows.map((row) => row.length)).toEqual([3, 2, 2, 4, 10]);
    expect([...owners]).toEqual([0, 1, 2, 3, 4]);
  });

  it('makes overlapping windows of a long text, the last one full', () => {
    const options = { length: 18, longTexts: 'window', mostWindows: 10 } as const;
    const { rows, texts: owners, counts } = tokenizeTexts(tokenizer, texts, options);
    expect(counts).toMatchObject({ cut: 0, windowed: 1 });
    expect([...owners]).toEqual([0, 1, 2, 3, 4, 4, 4, 4, 4]);
    expect(rows.slice(4).map((row) => row.length)).toEqual([18, 18, 18, 18, 18]);
  });

  it('cuts a text of too many windows', () => {
    const options = { length: 18, longTexts: 'window', mostWindows: 3 } as const;
    const { rows, counts } = tokenizeTexts(tokenizer, texts, options);
    expect(counts).toMatchObject({ cut: 1, windowed: 1 });
    expect(rows).toHaveLength(7);
  });
});
