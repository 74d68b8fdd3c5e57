/** How a text longer than an encoder's context is divided. */
export interface WindowOptions {
  /** Tokens of the text that one window takes, special ones not counted. */
  room: number;
  /** Tokens that neighbouring windows share. @default an eighth of `room` */
  overlap?: number;
  /** What lies behind the last of them is left out. */
  most: number;
}

/**
 * Divides a text's tokens into overlapping windows in order. All but the only one are full: the last
 * begins early enough to end with the text.
 * @returns pieces of `ids`, which share its memory; one empty piece for no tokens
 */
export function windowsOf(ids: Int32Array, options: WindowOptions): Int32Array[] {
  const { room, overlap, most } = checked(options);
  if (ids.length <= room) return [ids];
  const windows: Int32Array[] = [];
  for (let start = 0; windows.length < most; start += room - overlap) {
    const last = start + room >= ids.length;
    const from = last ? ids.length - room : start;
    windows.push(ids.subarray(from, from + room));
    if (last) break;
  }
  return windows;
}

/** The most tokens of a text that its windows can hold. */
export function windowedTokens(options: WindowOptions): number {
  const { room, overlap, most } = checked(options);
  return room + (most - 1) * (room - overlap);
}

function checked({ room, overlap = room >> 3, most }: WindowOptions): Required<WindowOptions> {
  if (room >= 1 && overlap >= 0 && overlap < room && most >= 1) return { room, overlap, most };
  throw new RangeError(
    `Windows of ${room} tokens that share ${overlap}, ${most} at most, cannot be made.`,
  );
}
