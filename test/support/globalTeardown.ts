/** Closes the standard input of the shared servers: they end and remove their files. */
export default async function globalTeardown(): Promise<void> {
  const child = globalThis.trainyardServers;
  if (child === undefined || child.exitCode !== null) return;
  await new Promise<void>((done) => {
    child.once('exit', () => done());
    child.stdin!.end();
  });
}
