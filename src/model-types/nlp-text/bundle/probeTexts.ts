/** Scripts and signs on which two implementations would differ first. */
export const probeTexts = [
  '',
  'Free entry: win £1,000 now!!! Call 0800-123 now',
  'Mult\u0327umesc, s\u0327tampila\u0306 \u015Fi \u0163ar\u0103',
  '\u5929\u6C14\u5F88\u597D \u3068\u3066\u3082\u826F\u3044',
  'I \u2764\uFE0F it \u{1F44D}\u{1F3FD} \u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u{1F1F7}\u{1F1F4}',
  '\uFF21\uFF22\uFF23\t\u00A0caf\u00E9\r\nCAFE\u0301 \u03A3\u039F\u03A6\u039F\u03A3',
];
