/** Letters beside a to z that languages of the Latin alphabet are written with, in lower case. */
const alphabets: Record<string, string> = {
  br: 'âêîôûùüñé',
  cs: 'áčďéěíňóřšťúůýž',
  cy: 'âêîôûŵŷäëïöüáéíóúàèìòù',
  da: 'æøåéáèó',
  de: 'äöüßéàè',
  en: 'éèêïöàñç',
  eo: 'ĉĝĥĵŝŭ',
  es: 'áéíñóúüªº',
  et: 'äöõüšž',
  fi: 'äöåšžé',
  fr: 'àâæçéèêëîïôœùûüÿ',
  ga: 'áéíóú',
  gd: 'àèìòùáéó',
  hr: 'čćđšž',
  hu: 'áéíóöőúüű',
  is: 'áðéíóúýþæö',
  it: 'àèéìíîòóùú',
  lt: 'ąčęėįšųūž',
  lv: 'āčēģīķļņšūžōŗ',
  mt: 'ċġħżàèìòù',
  nl: 'áéèëêïíóöúüàâçñ',
  no: 'æøåéèêóòôà',
  pl: 'ąćęłńóśźż',
  pt: 'àáâãçéêíóôõúüªº',
  ro: 'ăâîșțşţ',
  sk: 'áäčďéíĺľňóôŕšťúýž',
  sl: 'čšžćđ',
  sv: 'åäöéàü',
  tr: 'çğıöşüâîû',
};

/** How large a part of the letters beside a to z a language has, 0 to 1; 1 for one that is not known here. */
export function shareInAlphabet(text: string, language: string | null): number {
  const alphabet = alphabets[language ?? ''];
  if (alphabet === undefined) return 1;
  const letters = text.toLowerCase().match(/[^\P{L}a-z]/gu) ?? [];
  if (letters.length === 0) return 1;
  return letters.filter((letter) => alphabet.includes(letter)).length / letters.length;
}

/** Whether letters of another alphabet stand within Latin words: Italian is not Macedonian, though its few accents may be so read. */
export function mixesAlphabets(text: string): boolean {
  const others = text.match(/[\u0370-\u0eff]/g)?.length ?? 0;
  const mixed = text.match(/[a-z][\u0370-\u0eff]|[\u0370-\u0eff][a-z]/gi)?.length ?? 0;
  return mixed * 2 > others;
}
