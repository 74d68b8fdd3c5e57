const mib = 1024 * 1024;

/** Says how far downloads are: a line for each file and each further tenth of a large one. */
export class DownloadProgress {
  private path = '';
  private tenth = -1;

  constructor(private readonly out: { write(text: string): unknown }) {}

  show(path: string, bytes: number, total: number | undefined): void {
    const share = total ? bytes / total : 0;
    const tenth = Math.floor(share * 10);
    if (path === this.path && tenth === this.tenth) return;
    // Small files come in one piece; saying that they began would say everything twice.
    if (path !== this.path && total !== undefined && total < mib && bytes < total) return;
    this.path = path;
    this.tenth = tenth;
    const of = total === undefined ? '' : ` of ${(total / mib).toFixed(1)}`;
    this.out.write(`${path}  ${(bytes / mib).toFixed(1)}${of} MiB\n`);
  }
}
