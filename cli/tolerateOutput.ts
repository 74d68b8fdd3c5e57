/**
 * Output that nobody takes must not end a command, least of all `trainyard up` with all that runs under
 * it. A reader that has seen enough (`| head`) is no failure; what a full disk did not take is one.
 */
export function tolerateOutput(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
}
