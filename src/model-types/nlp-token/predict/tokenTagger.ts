import { openEmissions } from '../../../ml/onnx/emissions';
import { findRuleMatches, type RuleMatch } from '../../../tagging/rules';
import { tokenize, type Tokens, wordsOf } from '../../../tagging/tokens';
import { readBundle } from '../bundle/bundle';
import type { TokenManifest } from '../bundle/manifest';
import { assertTestVectors } from '../bundle/testVectors';
import { combineSpans, type TaggedSpan } from './combineSpans';
import { CrfTagger, graphEmissions } from './crfTagger';

/** A text with its tokens and the spans that were found, in their order and without overlaps. */
export interface TaggedText {
  tokens: Tokens;
  spans: TaggedSpan[];
}

/** A model that is loaded: its learned tags and its rules. */
export interface TokenTagger {
  readonly manifest: TokenManifest;
  /** Weights of the model. */
  readonly parameters: number;
  /** @param before words that stand before the text and are not part of it; rules look at them */
  tag(text: string, before?: string): Promise<TaggedText>;
  close(): Promise<void>;
}

/** Opens the bundle in a folder; the folder is not needed afterwards. */
export async function openTagger(dir: string): Promise<TokenTagger> {
  const { manifest, model, onnx } = readBundle(dir);
  assertTestVectors(manifest.test_vectors, model);
  const session = await openEmissions(onnx);
  const tagger = new CrfTagger(model);
  const emissionsOf = graphEmissions(session, model);
  const { width } = tagger.featurizer;
  return {
    manifest,
    parameters: model.weights.length + model.transitions.length,
    async tag(text, before = '') {
      const tokens = tokenize(text, model.unit);
      const learned =
        model.tags.length === 0 || tokens.starts.length === 0
          ? []
          : tagger.spans(await emissionsOf(tagger.featuresOf(wordsOf(text, tokens)), width));
      const named = learned.map(({ first, end, tag, probability }) => ({
        start: tokens.starts[first]!,
        end: tokens.ends[end - 1]!,
        tag: model.tags[tag]!,
        confidence: probability,
      }));
      return { tokens, spans: combineSpans(named, ruleMatches(text, before, manifest.rule_tags)) };
    },
    close: () => session.close(),
  };
}

function ruleMatches(text: string, before: string, tags: readonly string[]): RuleMatch[] {
  const prefix = before === '' ? '' : `${before}: `;
  return findRuleMatches(prefix + text, tags)
    .filter(({ start }) => start >= prefix.length)
    .map((match) => ({
      ...match,
      start: match.start - prefix.length,
      end: match.end - prefix.length,
    }));
}
