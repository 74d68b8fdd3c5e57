/** What an item costs beside its characters, in characters. */
const itemUnits = 40;
/** A piece that takes longer although it is one item is long: others must not stand behind it. */
const longMs = 25;
/** Weight of what was just measured. */
const learnt = 0.3;

/** Work that an item of so many characters is, in units whose cost is learnt. */
export function unitsOf(characters: number): number {
  return itemUnits + characters;
}

/** How fast a model does one kind of work, learnt from what it did. */
export class Pace {
  private perUnit: number | undefined;
  private usualMs = 0;

  get isKnown(): boolean {
    return this.perUnit !== undefined;
  }

  /** Milliseconds of so much work; undefined before anything was measured. */
  msOf(units: number): number | undefined {
    return this.perUnit === undefined ? undefined : this.perUnit * units;
  }

  /** Units that take about so long; undefined before anything was measured. */
  unitsIn(ms: number): number | undefined {
    return this.perUnit === undefined ? undefined : ms / this.perUnit;
  }

  /** Whether even small pieces take long, as where one item is many runs of an encoder. */
  get isLong(): boolean {
    return this.usualMs > longMs;
  }

  /** @param alone whether the thread did nothing else meanwhile; else it took less than `ms` */
  learn(units: number, ms: number, alone: boolean): void {
    const perUnit = ms / units;
    if (this.perUnit === undefined) {
      this.perUnit = perUnit;
      this.usualMs = ms;
    } else if (alone || perUnit < this.perUnit) {
      this.perUnit += learnt * (perUnit - this.perUnit);
      this.usualMs += learnt * (ms - this.usualMs);
    }
  }
}
