import { tinyConfig, tinyEncoderFiles } from '../testing/tinyEncoder';
import { tinyTokenizer } from '../testing/tinyTokenizer';
import { encoderFamilies } from '../encoderConfig';
import { bufferSource } from '../../byteSource';
import { readEncoder } from './readEncoder';
import { readWeights } from './readWeights';

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A tiny encoder with some files changed; fields set to undefined are taken away. */
function changed(file: string, fields: object, base = tinyEncoderFiles()): Map<string, Uint8Array> {
  const before = JSON.parse(new TextDecoder().decode(base.get(file))) as object;
  return base.set(file, text({ ...before, ...fields }));
}
const read = (files: Map<string, Uint8Array>) => () => readEncoder(files);

describe('readEncoder', () => {
  it.each(encoderFamilies)('reads a %s', (family) => {
    const files = tinyEncoderFiles({ family });
    const encoder = readEncoder(files);
    expect(encoder.config).toEqual(tinyConfig({ family }));
    expect([encoder.normalize, encoder.maxLength, encoder.context]).toEqual([true, 48, 64]);
    const weights = readWeights(bufferSource(files.get('model.safetensors')!), encoder.config);
    expect(weights.get('embeddings.word_embeddings.weight')).toHaveLength(
      encoder.config.vocabulary * 32,
    );
  });

  it('takes a folder without modules for mean pooling, its own context the only limit', () => {
    const files = tinyEncoderFiles();
    for (const file of ['modules.json', '1_Pooling/config.json', 'sentence_bert_config.json']) {
      files.delete(file);
    }
    const { config, normalize, maxLength } = readEncoder(files);
    expect([config.pooling, normalize, maxLength]).toEqual(['mean', false, 64]);
  });

  it('takes XLM-R and CamemBERT for RoBERTa', () => {
    for (const model_type of ['xlm-roberta', 'camembert']) {
      const files = changed('config.json', { model_type }, tinyEncoderFiles({ family: 'roberta' }));
      expect(readEncoder(files).config.family).toBe('roberta');
    }
  });

  it.each([
    [{ model_type: 't5' }, '"model_type" is "t5"; expected "bert", "distilbert", "roberta"'],
    [{ model_type: undefined }, '"model_type" is missing'],
    [{ hidden_size: '32' }, '"hidden_size" is "32"; expected a number from 1 to 16384'],
    [{ hidden_size: 33 }, '"hidden_size" is 33; expected a multiple of the 4 heads'],
    [{ num_hidden_layers: 1.5 }, '"num_hidden_layers" is 1.5; expected a whole number'],
    [{ num_hidden_layers: 1e9 }, '"num_hidden_layers" is 1000000000; expected a number from 1'],
    [{ hidden_act: 'relu' }, '"hidden_act" is "relu"; expected "gelu"'],
    [{ position_embedding_type: 'relative_key' }, 'expected "absolute"'],
    [{ is_decoder: true }, '"is_decoder" is true; expected false'],
    [{ pad_token_id: 5000 }, '"pad_token_id" is 5000; expected under the vocab_size'],
    [{ vocab_size: 20 }, 'has a token with id 94, but config.json says "vocab_size" 20'],
  ])('refuses a config with %j', (fields, message) => {
    expect(read(changed('config.json', fields))).toThrow(message);
  });

  it('refuses what is no JSON object, and a file that is missing', () => {
    const files = tinyEncoderFiles();
    expect(read(new Map(files).set('config.json', text([1])))).toThrow('config.json: the content');
    expect(read(new Map(files).set('config.json', Buffer.from('{"a":')))).toThrow('is not JSON');
    const without = new Map(files);
    without.delete('tokenizer.json');
    expect(read(without)).toThrow('tokenizer.json: is missing');
    const unpooled = new Map(files);
    unpooled.delete('1_Pooling/config.json');
    expect(read(unpooled)).toThrow('1_Pooling/config.json: is missing, but modules.json names it');
  });

  it('reads pooling of the first token', () => {
    const fields = { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false };
    expect(readEncoder(changed('1_Pooling/config.json', fields)).config.pooling).toBe('cls');
  });

  it('reads what sentence-transformers 6 writes', () => {
    const files = tinyEncoderFiles();
    files.set(
      'modules.json',
      text([
        { idx: 0, path: '', type: 'sentence_transformers.base.modules.transformer.Transformer' },
        {
          idx: 1,
          path: '1_Pooling',
          type: 'sentence_transformers.sentence_transformer.modules.pooling.Pooling',
        },
        {
          idx: 2,
          path: '2_Normalize',
          type: 'sentence_transformers.base.modules.normalize.Normalize',
        },
      ]),
    );
    files.set(
      '1_Pooling/config.json',
      text({ embedding_dimension: 32, pooling_mode: 'cls', include_prompt: true }),
    );
    files.set(
      'sentence_bert_config.json',
      text({ transformer_task: 'feature-extraction', module_output_name: 'token_embeddings' }),
    );
    const { config, normalize, maxLength } = readEncoder(files);
    expect([config.pooling, normalize, maxLength]).toEqual(['cls', true, 64]);
  });

  it.each([
    [{ pooling_mode: ['mean', 'max'] }, '"pooling_mode" is a list of 2; expected "mean", "cls"'],
    [{ pooling_mode: 'lasttoken' }, '"pooling_mode" is "lasttoken"; expected "mean", "cls"'],
    [{ embedding_dimension: 64 }, '"embedding_dimension" is 64'],
    [{ pooling_mode_mean_tokens: false, pooling_mode_max_tokens: true }, 'pooling_mode_max_tokens'],
    [{ pooling_mode_cls_token: true }, 'pooling_mode_cls_token and pooling_mode_mean_tokens'],
    [{ pooling_mode_mean_tokens: false }, 'pools by nothing'],
    [{ word_embedding_dimension: 64 }, '"word_embedding_dimension" is 64'],
  ])('refuses pooling with %j', (fields, message) => {
    expect(read(changed('1_Pooling/config.json', fields))).toThrow(message);
  });

  const cased = (): Map<string, Uint8Array> => {
    const { normalizer } = tinyTokenizer([]) as { normalizer: object };
    return changed('tokenizer.json', { normalizer: { ...normalizer, lowercase: false } });
  };

  it('lets folders ask for small letters that their tokenizer makes anyway', () => {
    const settings = { do_lower_case: true };
    expect(read(changed('sentence_bert_config.json', settings))).not.toThrow();
    expect(read(changed('sentence_bert_config.json', settings, cased()))).toThrow(
      'sentence_bert_config.json: "do_lower_case" is true; expected false, or a tokenizer.json that lower-cases by itself',
    );
    const normalizer = { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] };
    const sequence = changed('tokenizer.json', { normalizer });
    expect(read(changed('sentence_bert_config.json', settings, sequence))).not.toThrow();
  });

  it('refuses a prompt before each text, unless it is empty', () => {
    const prompts = { query: 'query: ', document: '' };
    const withDefault = (default_prompt_name: string | null) =>
      read(
        tinyEncoderFiles().set(
          'config_sentence_transformers.json',
          text({ prompts, default_prompt_name }),
        ),
      );
    expect(withDefault(null)).not.toThrow();
    expect(withDefault('document')).not.toThrow();
    for (const name of ['query', 'other']) {
      expect(withDefault(name)).toThrow(
        `config_sentence_transformers.json: "default_prompt_name" is "${name}"; expected null: no prompt is put before texts`,
      );
    }
  });

  it('refuses modules that it does not know, and paths out of the folder', () => {
    const modules = (type: string, path: string): Map<string, Uint8Array> =>
      tinyEncoderFiles().set('modules.json', text([{ type: 'x.Transformer' }, { type, path }]));
    expect(read(modules('x.Dense', '2_Dense'))).toThrow('"1.type" is "x.Dense"; expected');
    expect(read(modules('x.Pooling', '../..'))).toThrow('"1.path" is "../.."; expected a folder');
  });
});
