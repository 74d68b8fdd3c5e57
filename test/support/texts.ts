/** A small linear congruential generator: the same seed gives the same texts on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const syllables = [
  'ba',
  'de',
  'fi',
  'go',
  'ku',
  'la',
  'me',
  'ni',
  'po',
  'ru',
  'sa',
  'te',
  'vi',
  'zo',
];

/**
 * A CSV file `text,label` of made-up words. Each class prefers some words of its own, so that a
 * classifier has something to find and something to get wrong.
 */
export function textsCsv(options: { rows: number; classes: number; seed: number }): string {
  const random = generator(options.seed);
  const word = (of: number) =>
    Array.from({ length: 3 }, (_, i) => syllables[Math.floor(of / 14 ** i) % 14]!).join('');
  const lines = ['text,label'];
  for (let row = 0; row < options.rows; row++) {
    const label = Math.floor(random() * options.classes);
    const words = Array.from({ length: 12 }, () =>
      random() < 0.25
        ? word(label * 20 + Math.floor(random() * 20))
        : word(Math.floor(random() * 2700)),
    );
    lines.push(`${words.join(' ')},class-${label}`);
  }
  return `${lines.join('\n')}\n`;
}
