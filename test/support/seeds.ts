/** Where kills fall: the same for a seed, spread over the whole work. */
export const chaosSeed = Number(process.env['TRAINYARD_CHAOS_SEED'] ?? 1);
/** Points for each victim in `npm run chaos`. */
export const chaosPoints = Number(process.env['TRAINYARD_CHAOS_POINTS'] ?? 2);

/** Each victim at so many points: shares of the work, from 0 to 1, one in each of equal parts. */
export function spreadPoints<Victim>(
  victims: readonly Victim[],
  points: number,
): [victim: Victim, share: number][] {
  const random = randomOf(chaosSeed);
  return victims.flatMap((victim) =>
    Array.from({ length: points }, (_, point): [Victim, number] => [
      victim,
      (point + random()) / points,
    ]),
  );
}

/** Numbers from 0 to 1 that are the same for a seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
