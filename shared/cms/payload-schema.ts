import * as v from 'valibot';
import { leniently } from '../article/lenient.ts';
import type { Warning } from '../article/warning.ts';
import { issuesOf, type Issue } from '../field-schema.ts';

/** Accepts a text, null and absent. Any other type is a fault that names the field. */
export const optionalText = v.nullish(v.string('must be a string'));
export const optionalNumber = v.nullish(v.number('must be a number'));
/** The message for an invalid id. Ids are numbers in some CMSes and texts in others. */
const idWords = 'must be the id of the story, a string or an integer';
/** Returns a schema for ids that match `grammar`. */
export const idAs = (grammar: RegExp) =>
  v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.integer(idWords))], idWords),
    v.transform(String),
    v.regex(grammar, 'must be an id as this CMS writes them'),
  );
export const aTime = v.pipe(
  v.string('must be a time'),
  v.transform((time) => isoOf(time) ?? ''),
  v.check((time) => time !== '', 'must be a time such as 2026-05-01T18:00:00Z'),
);
export const optionalTime = v.nullish(aTime);

/**
 * Returns a CMS's time in ISO 8601, in UTC if it has no offset: `2026-05-01 18:00:00`, `2026-05-01T18:00:00.000+00:00`.
 * Undefined if it is not a time.
 */
export function isoOf(time: string): string | undefined {
  const [, day = '', clock = '', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i.exec(time) ?? [];
  const instant = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(instant) || instant < 0 ? undefined : new Date(instant).toISOString();
}

/** Reads a payload by its schema. Returns the output, or the faults by path. */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[] = [],
): { readonly value: v.InferOutput<S> } | { readonly issues: readonly Issue[] } {
  const result = v.safeParse(schema, payload, { abortPipeEarly: true });
  return result.success ? { value: result.output } : { issues: issuesOf(result.issues, ...under) };
}

/** The fields of a list entry without which the entry would mean something else. */
const decisiveNames: readonly string[] = ['visibility', 'taxonomy', 'protected'];

/**
 * Reads a payload by its schema. Invalid fields under `ornaments` are left out with a warning. Every other field may
 * decide whether or when the story is shown, so it is a fault.
 */
export function parsedLeniently<S extends v.GenericSchema>(
  schema: S,
  payload: unknown,
  under: readonly string[],
  ornaments: readonly string[],
): { readonly value: v.InferOutput<S>; readonly warnings: readonly Warning[] } | { readonly issues: readonly Issue[] } {
  const result = leniently(schema, payload, (path) => {
    const named = path.join('.');
    if (!ornaments.some((ornament) => named === ornament || named.startsWith(`${ornament}.`))) return 'strict';
    return decisiveNames.includes(path.at(-1) ?? '') ? 'whole' : 'field';
  });
  return 'issues' in result
    ? { issues: result.issues.map(below(under)) }
    : { value: result.value, warnings: result.warnings.map(below(under)) };
}

function below(under: readonly string[]): (issue: Issue) => Issue {
  return ({ path, message }) => ({ path: [...under, ...(path === '' ? [] : [path])].join('.'), message });
}

/** Returns a schema for the address of a picture that a browser can fetch: absolute, or also a path of the CMS. */
export const pictureAddress = (allowed: 'absolute' | 'or a path') =>
  v.nullish(
    v.pipe(
      v.string('must be a string'),
      v.check(
        (href) =>
          href === '' ||
          (allowed === 'or a path' && href.startsWith('/')) ||
          (URL.canParse(href) && /^https?:/i.test(href)),
        'must be an absolute http or https URL',
      ),
    ),
  );
