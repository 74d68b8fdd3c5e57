import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How to start a process: program and arguments, and what its environment has besides ours. */
export interface Command {
  line: [string, ...string[]];
  environment?: Record<string, string>;
}

/** A process that stays and answers each line that it is given with a line. */
export interface Peer {
  ask(question: string): Promise<string>;
  /** Lets it end, and waits until it has. */
  stop(): Promise<void>;
}

/** What it prints as errors goes to ours. `answerLines` and bench/peers/answers.py are the other side. */
export function startPeer({ line: [program, ...args], environment }: Command): Peer {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit');
  // That it is gone shows when its answer does not come.
  child.stdin.on('error', () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${question}\n`);
      const answer = await answers.next();
      if (answer.done === true)
        throw new Error(`${program} ${args[0]} ended; what it printed stands above`);
      return answer.value;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
