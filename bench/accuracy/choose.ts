import { defaultFeaturizer, type NgramFamily } from '../../src/ml/text/featurizerSpec';
import { fiveSets, readTextSet } from './datasets';
import { tryOut, type Trial } from './tryOut';
import { validationCut } from './validationCut';

/**
 * Chooses the constants of the `fast` text model on validation cuts of the train parts; the test parts
 * are not read. One JSON line per (set, choice), then the mean over the sets.
 *
 *   node dist/bench/accuracy/choose.js [set,set…] ['choice;choice…']
 */
const word = (min: number, max: number, bits = 20): NgramFamily => ({
  unit: 'word',
  min,
  max,
  bits,
});
const char = (min: number, max: number, bits = 21): NgramFamily => ({
  unit: 'char',
  min,
  max,
  bits,
});

const usual: Trial = { spec: defaultFeaturizer, cost: 1, minRows: 2, tolerance: 0.2 };
const families = (...list: NgramFamily[]): Trial => ({
  ...usual,
  spec: { ...defaultFeaturizer, families: list },
});

const choices: Record<string, Trial> = {
  usual,
  'cost 0.1': { ...usual, cost: 0.1 },
  'cost 0.25': { ...usual, cost: 0.25 },
  'cost 0.5': { ...usual, cost: 0.5 },
  'cost 2': { ...usual, cost: 2 },
  'all features': { ...usual, minRows: 1 },
  'features of 3 rows': { ...usual, minRows: 3 },
  'tolerance 0.1': { ...usual, tolerance: 0.1 },
  'tolerance 0.3': { ...usual, tolerance: 0.3 },
  'tolerance 0.01': { ...usual, tolerance: 0.01 },
  'words only': families(word(1, 2)),
  'words 1-3': families(word(1, 3), char(2, 4)),
  'words 1-3, cost 0.5': { ...families(word(1, 3), char(2, 4)), cost: 0.5 },
  'words 1': families(word(1, 1), char(2, 4)),
  'chars only': families(char(2, 4)),
  'chars 3-5': families(word(1, 2), char(3, 5)),
  'chars 2-5': families(word(1, 2), char(2, 5)),
  'chars 1-6': families(word(1, 2), char(1, 6)),
  'chars 2-6': families(word(1, 2), char(2, 6)),
  'chars 1-4': families(word(1, 2), char(1, 4)),
  'buckets 2^18 + 2^19': families(word(1, 2, 18), char(2, 4, 19)),
  'buckets 2^22 + 2^22': families(word(1, 2, 22), char(2, 4, 22)),
};

const sets = process.argv[2]?.split(',') ?? fiveSets;
const names = process.argv[3]?.split(';') ?? Object.keys(choices);
const cuts = sets.map((set) => ({ set, cut: validationCut(set, readTextSet(set).train) }));
for (const choice of names) {
  let sum = 0;
  for (const { set, cut } of cuts) {
    const result = tryOut(cut, choices[choice]!);
    // sms_spam is so unbalanced that its figure is the macro F1, as in the accuracy table.
    sum += set === 'sms_spam' ? result.macroF1 : result.accuracy;
    console.log(JSON.stringify({ set, choice, ...result }));
  }
  console.log(JSON.stringify({ set: 'mean', choice, figure: sum / cuts.length }));
}
