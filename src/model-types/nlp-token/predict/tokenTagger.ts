import { findRuleMatches, type RuleMatch } from '../../../tagging/rules';
import { tokenize, type Tokens } from '../../../tagging/tokens';
import { readEncoderFiles } from '../bundle/encoderBundle';
import { assertEncoderVectors } from '../bundle/encoderVectors';
import { readManifest, type TokenManifest } from '../bundle/manifest';
import { combineSpans, type TaggedSpan } from './combineSpans';
import { EncoderTagger } from './encoderTagger';
import type { LearnedTagger } from './learnedTagger';
import { openCrf } from './openCrf';

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

/**
 * Opens the bundle in a folder; the folder is not needed afterwards.
 * @param threads for a model with an encoder
 */
export async function openTagger(dir: string, threads = 1): Promise<TokenTagger> {
  const manifest = readManifest(dir);
  const learned = await openLearned(dir, manifest, threads);
  return {
    manifest,
    parameters: learned.parameters,
    async tag(text, before = '') {
      const tokens = tokenize(text, manifest.tokens);
      const found = tokens.starts.length === 0 ? [] : await learned.spans(text, tokens);
      const named = found.map(({ first, end, tag, probability }) => ({
        start: tokens.starts[first]!,
        end: tokens.ends[end - 1]!,
        tag: manifest.tags[tag]!,
        confidence: probability,
      }));
      return { tokens, spans: combineSpans(named, ruleMatches(text, before, manifest.rule_tags)) };
    },
    close: () => learned.close(),
  };
}

async function openLearned(
  dir: string,
  manifest: TokenManifest,
  threads: number,
): Promise<LearnedTagger> {
  if (manifest.kind === 'crf') return openCrf(dir, manifest);
  const tagger = await EncoderTagger.open(manifest, readEncoderFiles(dir, manifest), threads);
  try {
    await assertEncoderVectors(tagger, manifest);
    return tagger;
  } catch (error) {
    await tagger.close();
    throw error;
  }
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
