import { join } from 'node:path';
import { everyPair, measureAll } from '../accuracy/measureAll';
import { peers, python, type Systems } from '../accuracy/systems';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import { miniLmFolder } from './miniLmFolder';

/**
 * Accuracy, time and memory of training from MiniLM beside its peers: one JSON line per (system, set),
 * none over 20 minutes on two cores.
 *
 *   node dist/bench/encoders/run.js [SET,SET…] [SYSTEM;SYSTEM…]
 */
const own = (system: string, ...epochsAndSeed: string[]): Systems[string] => {
  const script = join(__dirname, 'accuracy.js');
  return (set) => ['env', ...environment, process.execPath, script, set, system, ...epochsAndSeed];
};
/** What an allocation gets that trains from an encoder. */
const environment = Object.entries(memoryEnvironment).map((entry) => entry.join('='));
const twin = (...seed: string[]): Systems[string] => {
  const script = join(peers, 'encoder_finetune.py');
  const recipe = ['4', '32', '64', '2e-4'];
  return (_, { train, test }) => [python, script, miniLmFolder, train, test, ...recipe, ...seed];
};

const systems: Systems = {
  fast: (set) => [process.execPath, join(__dirname, 'accuracy.js'), set, 'fast'],
  frozen: own('frozen'),
  int8: own('int8'),
  full: own('full'),
  'full, 2 epochs': own('full', '2'),
  'full, another seed': own('full', '4', '7'),
  'embeddings, logreg': (set, { train, test }) => [
    process.execPath,
    join(__dirname, 'embeddingLogreg.js'),
    python,
    set,
    train,
    test,
  ],
  'full, PyTorch': twin(),
  'full, PyTorch, another seed': twin('7'),
  'TF-IDF, one-vs-rest': (_, { train, test }) => [
    python,
    join(peers, 'sklearn_many_labels.py'),
    train,
    test,
  ],
};

const usual = [
  ...everyPair(
    ['banking77'],
    ['fast', 'frozen', 'int8', 'embeddings, logreg', 'full', 'full, PyTorch'],
  ),
  ...everyPair(['goemotions'], ['fast', 'frozen', 'TF-IDF, one-vs-rest', 'full, 2 epochs']),
  ...everyPair(['banking77'], ['full, another seed', 'full, PyTorch, another seed']),
];
const [, , sets, names] = process.argv;
const pairs = sets ? everyPair(sets.split(','), names?.split(';') ?? Object.keys(systems)) : usual;
measureAll('encoders', pairs, systems);
