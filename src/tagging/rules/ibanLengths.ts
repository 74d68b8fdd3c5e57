/** Characters of an IBAN by country: the registry of ISO 13616 that SWIFT keeps. */
const byLength: Record<number, string> = {
  15: 'no',
  16: 'be',
  18: 'dk fi fk fo gl nl sd',
  19: 'mk si',
  20: 'at ba ee kz lt lu mn xk',
  21: 'ch hr li lv',
  22: 'bg bh cr de gb ge ie me rs va',
  23: 'ae gi il iq om so tl',
  24: 'ad cz es md pk ro sa se sk tn vg',
  25: 'ly pt st',
  26: 'is tr',
  27: 'bi dj fr gr it mc mr sm',
  28: 'al az by cy do gt hn hu lb ni pl sv',
  29: 'br eg ps qa ua',
  30: 'jo kw mu ye',
  31: 'mt sc',
  32: 'lc',
  33: 'ru',
};

export const ibanLengths: ReadonlyMap<string, number> = new Map(
  Object.entries(byLength).flatMap(([length, countries]) =>
    countries.split(' ').map((country): [string, number] => [country, Number(length)]),
  ),
);
