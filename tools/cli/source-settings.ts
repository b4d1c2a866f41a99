import { readFileSync } from 'node:fs';
import { jsonIn } from '../../shared/canonical.ts';
import type { GivenSettings } from '../../shared/cms/sources.ts';
import { WrongUse } from './exits.ts';

/** The option whose value {@link settingsIn} reads. */
export const sourcesOption = [
  '--sources <json>',
  'context sources (default: PRESSRUN_SOURCES, else as in cdk.json)',
] as const;

/** Returns context `sources` as given, else that of the laptop's variable, else that of cdk.json. */
export function settingsIn(given: string | undefined): GivenSettings {
  const text = given ?? process.env['PRESSRUN_SOURCES'];
  const settings = text === undefined ? sourcesInContext() : jsonIn(text);
  if (typeof settings !== 'object' || settings === null)
    throw new WrongUse('--sources must be JSON, as context sources');
  return settings as GivenSettings;
}

function sourcesInContext(): unknown {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
    context?: { sources?: unknown };
  };
  const { sources = {} } = context ?? {};
  return typeof sources === 'string' ? (JSON.parse(sources) as unknown) : sources;
}
