/** A row and how sure the model was of its mistake there. */
export interface SureMistake {
  row: number;
  probability: number;
  gold: number[];
  predicted: number[];
}

/** Keeps the `size` mistakes with the highest probability, highest first; ties by row. */
export class WorstRows {
  readonly rows: SureMistake[] = [];

  constructor(private readonly size: number) {}

  add(mistake: SureMistake): void {
    const { rows, size } = this;
    const isWorse = (a: SureMistake, b: SureMistake) =>
      a.probability > b.probability || (a.probability === b.probability && a.row < b.row);
    if (rows.length === size && !isWorse(mistake, rows[size - 1]!)) return;
    let place = rows.length;
    while (place > 0 && isWorse(mistake, rows[place - 1]!)) place--;
    rows.splice(place, 0, mistake);
    if (rows.length > size) rows.pop();
  }
}
