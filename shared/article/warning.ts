import * as v from 'valibot';
import { objectOf, text } from '../field-schema.ts';

/**
 * A field that was left out of the published article. `path` names a field of the event's detail or of the webhook's
 * body, never its value.
 */
export interface Warning {
  readonly path: string;
  readonly message: string;
}

/** Warnings are kept on heads and announced, so their number and length are bounded. */
const maxWarnings = 20;
const maxPathLength = 200;
const maxMessageLength = 300;

/** The warnings in a detail. A malformed list is ignored, so that it does not cost the story. */
export const warningsSchema = v.array(
  v.pipe(objectOf({ path: text, message: text }), v.title('GivenWarning')),
  'must be an array',
);

/** Returns the warnings of a detail; an empty list if there are none or they are malformed. */
export function warningsIn(detail: Readonly<Record<string, unknown>>): Warning[] {
  const given = v.safeParse(warningsSchema, detail['warnings']);
  return given.success ? boundedWarnings(given.output) : [];
}

/** Returns the first 20 distinct warnings, cut to a length that fits heads and announcements. */
export function boundedWarnings(warnings: readonly Warning[]): Warning[] {
  const bounded = new Map<string, Warning>();
  for (const { path, message } of warnings) {
    if (bounded.size === maxWarnings) break;
    const warning = { path: path.slice(0, maxPathLength), message: message.slice(0, maxMessageLength) };
    bounded.set(`${warning.path}\n${warning.message}`, warning);
  }
  return [...bounded.values()];
}
