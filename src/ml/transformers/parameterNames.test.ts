import type { EncoderConfig } from './encoderConfig';
import { matchParameters, parameterShapes } from './parameterNames';

const config: EncoderConfig = {
  family: 'bert',
  vocabulary: 11,
  hidden: 8,
  layers: 2,
  heads: 2,
  intermediate: 16,
  maxPositions: 10,
  typeVocabulary: 2,
  layerNormEps: 1e-12,
  activation: 'gelu',
  padTokenId: 0,
  relativeAttentionBuckets: 0,
  pooling: 'mean',
};

describe('parameterShapes', () => {
  it('counts what an encoder of these sizes has', () => {
    const perLayer = 4 * (8 * 8 + 8) + 2 * 8 * 16 + 16 + 8 + 4 * 8;
    const size = [...parameterShapes(config).values()]
      .map((shape) => shape.reduce((a, b) => a * b))
      .reduce((a, b) => a + b);
    expect(size).toBe((11 + 10 + 2) * 8 + 16 + 2 * perLayer);
  });

  it('knows the names of each family', () => {
    const names = (family: EncoderConfig['family'], buckets = 0): string[] => [
      ...parameterShapes({
        ...config,
        family,
        relativeAttentionBuckets: buckets,
        typeVocabulary: 0,
      }).keys(),
    ];
    expect(names('distilbert')).toContain('transformer.layer.1.ffn.lin2.bias');
    expect(names('mpnet', 32)).toContain('encoder.relative_attention_bias.weight');
    expect(names('mpnet')).toContain('encoder.layer.0.attention.attn.q.weight');
    expect(names('roberta')).not.toContain('embeddings.token_type_embeddings.weight');
  });
});

describe('matchParameters', () => {
  const bare = [...parameterShapes(config).keys()];

  it('finds parameters with the prefix of a model with a head, and leaves the head alone', () => {
    const file = [
      ...bare.map((name) => `bert.${name}`),
      'bert.pooler.dense.weight',
      'cls.predictions.bias',
      'bert.embeddings.position_ids',
    ];
    const { found, missing, unknown } = matchParameters(config, file);
    expect([missing, unknown]).toEqual([[], []]);
    expect(found.get('encoder.layer.0.output.dense.bias')).toBe(
      'bert.encoder.layer.0.output.dense.bias',
    );
  });

  it('takes gamma and beta for the weight and bias of a norm', () => {
    const old = bare.map((name) =>
      name
        .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
        .replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
    );
    expect(matchParameters(config, old).missing).toEqual([]);
  });

  it('names what is missing and what it does not know', () => {
    const { missing, unknown } = matchParameters(config, [...bare.slice(1), 'decoder.weight']);
    expect(missing).toEqual(['embeddings.word_embeddings.weight']);
    expect(unknown).toEqual(['decoder.weight']);
  });
});
