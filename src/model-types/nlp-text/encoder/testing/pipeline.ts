import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { nlpDoc, nlpText } from '../..';
import type { StageContext, StageWarning } from '../../../../stage/stageContext';
import { createDataset } from '../../../../data/dataset';
import { writeTinyEncoder } from '../../../../encoders/testing/tinyEncoder';
import type { EncoderFamily } from '../../../../ml/transformers/encoderConfig';
import type { SourceFile } from '../../../../data/files/sourceFile';
import { defaultOptions, type NlpTextOptions } from '../../options';
import type { EncoderChoice } from '../../../../encoder-learning/encoderChoice';
import { shardsOf, type Shard } from '../../../../encoder-learning/embeddings/shards';
import { quietContext } from '../../../../stage/testing/quietContext';

export type Rows = [text: string, label: string][];

/** Words that tell their label; the tiny encoder has a token for each. */
export const words: Record<string, string[]> = {
  sport: ['goal', 'match', 'team', 'league', 'coach', 'score'],
  food: ['soup', 'bread', 'cook', 'salt', 'oven', 'taste'],
  money: ['bank', 'loan', 'rate', 'stock', 'fund', 'price'],
};

/** Rows whose words tell their labels; the same for the same arguments. */
export function rowsOf(labels: string[], each: number): Rows {
  return Array.from({ length: each * labels.length }, (_, i) => {
    const label = labels[i % labels.length]!;
    const own = words[label]!;
    const text = [0, 1, 2].map((k) => own[(i * (k + 3) + k) % own.length]).join(' the ');
    return [`${text} ${i % 7}`, label];
  });
}

/** The stages of one training from a tiny encoder, in folders as the platform lays them. */
export class Pipeline {
  readonly warnings: StageWarning[] = [];
  readonly metrics: string[] = [];
  private readonly root = mkdtempSync(join(tmpdir(), 'encoder-'));
  private readonly options: NlpTextOptions;

  constructor(
    choice: Partial<EncoderChoice> = {},
    more: Partial<NlpTextOptions> = {},
    family: EncoderFamily = 'bert',
  ) {
    writeTinyEncoder(this.path('encoder'), { words: Object.values(words).flat(), family });
    const encoder: EncoderChoice = {
      name: 'tiny',
      hash: 'e'.repeat(64),
      training: 'frozen',
      max_length: 32,
      long_texts: 'window',
      quantize: false,
      ...choice,
    };
    this.options = {
      ...defaultOptions,
      label_column: 'label',
      holdout: 0.2,
      seed: 7,
      encoder,
      ...more,
    };
  }

  /** Lets the encoder's configuration state another size than its weights have. */
  claimLayers(layers: number, inner: number): void {
    const path = this.path('encoder', 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const claimed = { num_hidden_layers: layers, intermediate_size: inner };
    writeFileSync(path, JSON.stringify({ ...config, ...claimed }));
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Writes extracted rows, of test files too where there are any, and preprocesses them. */
  async prepare(rows: Rows, test: Rows = []): Promise<void> {
    this.write('train', rows);
    if (test.length > 0) this.write('test', test);
    await this.run('preprocess');
  }

  /** Extracts train files, given by name and content, and preprocesses their rows. */
  async extract(files: readonly (readonly [name: string, content: string])[]): Promise<void> {
    const listed = files.map(([name, content], i): SourceFile => {
      writeFileSync(this.path(`file-${i}`), content);
      const bytes = Buffer.byteLength(content);
      return { name, part: 'train', sha256: 'f'.repeat(64), path: `file-${i}`, offset: 0, bytes };
    });
    writeFileSync(this.path('files.json'), JSON.stringify(listed));
    await this.run('extract');
    await this.run('preprocess');
  }

  /** Embeds all rows, shard by shard. */
  async embedAll(rows: number, more: Partial<StageContext> = {}): Promise<void> {
    for (const [i, shard] of shardsOf(rows).entries()) {
      await this.embed(shard, this.path('embeddings', String(i)), more);
    }
  }

  /** One shard, into a folder. */
  async embed(shard: Shard, outputs: string, more: Partial<StageContext> = {}): Promise<void> {
    writeFileSync(this.path('item.json'), JSON.stringify(shard));
    await this.type.stages['embed']!.run(this.context(outputs, more), this.options);
  }

  /** Runs a stage on what lies in the folders so far. @returns its folder of outputs */
  async run(
    stage: 'extract' | 'preprocess' | 'train' | 'evaluate',
    more: Partial<StageContext> = {},
    name: string = stage,
  ): Promise<string> {
    const outputs = this.path(name);
    await this.type.stages[stage]!.run(this.context(outputs, more), this.options);
    return outputs;
  }

  /** Runs a way to train that saves a checkpoint after every step, if the context keeps them. */
  async fineTune(
    way: (context: StageContext, options: NlpTextOptions, every: number) => Promise<void>,
    name: string,
    more: Partial<StageContext> = {},
  ): Promise<string> {
    const outputs = this.path(name);
    await way(this.context(outputs, more), this.options, 0);
    return outputs;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private get type(): typeof nlpText {
    return this.options.doc_classification ? nlpDoc : nlpText;
  }

  private write(part: 'train' | 'test', rows: Rows): void {
    const writer = createDataset(this.path('extract', part), ['text', 'label']);
    for (const row of rows) writer.append(row);
    writer.finish();
  }

  private context(outputs: string, more: Partial<StageContext>): StageContext {
    rmSync(outputs, { recursive: true, force: true });
    mkdirSync(outputs, { recursive: true });
    return quietContext(this.root, outputs, {
      memoryMb: 2000,
      metric: (name, step, value) => this.metrics.push(`${name} ${step} ${value}`),
      warn: (warning) => this.warnings.push(warning),
      ...more,
    });
  }
}

/** A JSON file of a folder. */
export function jsonOf(dir: string, name: string): unknown {
  return JSON.parse(readFileSync(join(dir, name), 'utf8'));
}

/** Every file below a folder, with its bytes. */
export function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    names.map((path) => [relative(dir, path), readFileSync(path).toString('base64')]),
  );
}
