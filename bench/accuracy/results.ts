import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Lines of a bench, kept in a file so that a bench that was broken off goes on where it was. */
export class Results<Line extends object> {
  readonly lines: Line[];
  private readonly path: string;

  /** @param name the file's name below `.trainyard/bench/`; delete it to measure anew */
  constructor(name: string) {
    this.path = join('.trainyard', 'bench', `${name}.jsonl`);
    this.lines = existsSync(this.path)
      ? readFileSync(this.path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Line)
      : [];
  }

  add(line: Line): void {
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
    this.lines.push(line);
    console.log(JSON.stringify(line));
  }
}
