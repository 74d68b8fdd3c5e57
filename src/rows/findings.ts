import { wholeStart } from '../support/words';

/** Where something was found: a row, or a whole file (`line` null). */
export interface FoundPlace {
  file: string;
  line: number | null;
}

/** All places with the same reason. */
export interface FindingGroup {
  /** `bad_row` for what was skipped; else the code of the warning. */
  code: string;
  reason: string;
  /** How many there are; `places` has the first of them. */
  count: number;
  places: FoundPlace[];
}

/** Places that all groups together keep: a report stays readable whatever is wrong with the data. */
const maxPlaces = 5000;
/** Groups of one code; what has other reasons is counted in one more group. */
const maxGroups = 100;
const maxReasonLength = 300;

/** Gathers what was found in the files, by reason, in bounded memory. */
export class Findings {
  private readonly byKey = new Map<string, FindingGroup>();
  private readonly groupsOfCode = new Map<string, number>();
  private places = 0;

  add(code: string, reason: string, place: FoundPlace): void {
    const group = this.groupOf(code, wholeStart(reason, maxReasonLength));
    group.count++;
    if (this.places >= maxPlaces) return;
    group.places.push(place);
    this.places++;
  }

  /** The most frequent first; equally frequent ones as they came. */
  groups(): FindingGroup[] {
    return [...this.byKey.values()].sort((a, b) => b.count - a.count);
  }

  private groupOf(code: string, reason: string): FindingGroup {
    const known = this.byKey.get(`${code} ${reason}`);
    if (known) return known;
    const groups = this.groupsOfCode.get(code) ?? 0;
    if (groups > maxGroups) return this.byKey.get(`${code} ${otherReasons}`)!;
    this.groupsOfCode.set(code, groups + 1);
    const shown = groups === maxGroups ? otherReasons : reason;
    const group: FindingGroup = { code, reason: shown, count: 0, places: [] };
    this.byKey.set(`${code} ${shown}`, group);
    return group;
  }
}

const otherReasons = 'other reasons';

/** `a.csv, line 3`, or the file alone. */
export function placeName({ file, line }: FoundPlace): string {
  return line === null ? file : `${file}, line ${line}`;
}

/** The places of a group in a line: the first `shown` of them, and how many more there are. */
export function placesList({ count, places }: FindingGroup, shown: number): string {
  const first = places.slice(0, shown).map(placeName);
  const more = count - first.length;
  return more > 0 ? `${first.join('; ')} and ${more} more` : first.join('; ');
}
