/** How long a child has said nothing. While it waits for us, silence is not its own. */
export class IdleTimer {
  private heardAt: number;
  private answersDue = 0;

  constructor(private readonly now: () => number = Date.now) {
    this.heardAt = now();
  }

  /** In milliseconds. */
  get length(): number {
    return this.answersDue > 0 ? 0 : this.now() - this.heardAt;
  }

  /** The child said something. */
  end(): void {
    this.heardAt = this.now();
  }

  /** The child waits for what `work` resolves to, as for a checkpoint that takes long to store. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.answersDue++;
    try {
      return await work;
    } finally {
      this.answersDue--;
      this.end();
    }
  }
}
