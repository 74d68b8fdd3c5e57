/** What a UUID of any version looks like in lower case: a piece of a pattern, without anchors. */
export const uuidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const whole = new RegExp(`^${uuidPattern}$`, 'i');

/** Whether a text has the form of a UUID, of any version and in either case. */
export function isUuid(text: string): boolean {
  return whole.test(text);
}
