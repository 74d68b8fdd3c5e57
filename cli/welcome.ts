import type { Config } from '../src/config';
import type { StackRecord } from '../src/local-stack';

/** What a person reads once everything is up. */
export function welcome(config: Config, { urls }: StackRecord, signIn: string): string {
  const lines = [
    ['API', `${urls.api}/api/v2`],
    ['API docs', urls.docs],
    ...(urls.temporalUi === undefined ? [] : [['Temporal UI', urls.temporalUi]]),
    ['Sign in', signIn],
    ['Data', config.home],
  ];
  const shown = lines.map(([name, value]) => `  ${name!.padEnd(12)}  ${value!}`);
  return [
    'Trainyard is up.',
    ...shown,
    '  Ctrl-C stops it; trainings go on at the next start.',
  ].join('\n');
}
