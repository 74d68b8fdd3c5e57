import { digitsOf, gap, scan, standingAlone } from './patterns';
import type { Rule } from './rule';

/** Areas 000, 666 and 900 up, group 00 and serial 0000 are never given out (Social Security Administration). */
const socialSecurityNumbers = standingAlone(
  `(?!000|666|9)\\d{3}(${gap})(?!00)\\d{2}\\1(?!0000)\\d{4}`,
);

export const socialSecurityNumber: Rule = {
  tag: 'SSN',
  base: 0.6,
  keywords: { ssn: 0.7, 'social security': 0.7, social: 0.2, ss: 0.1, taxpayer: 0.2, tin: 0.2 },
  find: (text) => scan(text, socialSecurityNumbers, (found) => found.length),
};

/** Nine digits; in books since 2021 a letter and eight. */
const passports = standingAlone('\\d{9}|[a-z]\\d{8}');

export const passport: Rule = {
  tag: 'USPASSPORT',
  base: 0.1,
  keywords: { passport: 0.7, 'travel document': 0.4, 'issued by': 0.1, nationality: 0.1 },
  find: (text) => scan(text, passports, (found) => found.length),
};

/**
 * Each state has its own: mostly up to two letters and 6 to 14 digits, some of them in groups; New
 * Hampshire's and Washington's are apart.
 */
const licenses = standingAlone(
  [
    `[a-z]{1,2}\\d{2,4}(?:${gap}\\d{1,6}){1,4}`,
    `\\d{2,3}(?:${gap}\\d{3}){2}`,
    '[a-z]{0,2}\\d{6,14}',
    '\\d{2}[a-z]{3}\\d{5}',
    'wdl[a-z\\d]{9}',
  ].join('|'),
);

function licenseLength(found: string): number {
  const digits = digitsOf(found).length;
  return found.startsWith('wdl') || (digits >= 6 && digits <= 14) ? found.length : 0;
}

export const driversLicense: Rule = {
  tag: 'USDRIVERSLICENSE',
  base: 0.1,
  keywords: {
    "driver's license": 0.7,
    'drivers license': 0.7,
    'driver license': 0.7,
    "driver's licence": 0.7,
    'drivers licence': 0.7,
    'driver licence': 0.7,
    'driving license': 0.7,
    'driving licence': 0.7,
    dl: 0.3,
    dmv: 0.4,
    driver: 0.2,
    'learner permit': 0.3,
    // Alone they are not enough: software and doctors have licences too.
    license: 0.1,
    licence: 0.1,
  },
  find: (text) => scan(text, licenses, licenseLength),
};
