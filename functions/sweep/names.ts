import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { CmsApi } from '../../shared/cms/ports.ts';
import { isObject, namesPageSize, type Credentials } from '../../shared/cms/source-api.ts';
import type { SourceApi } from '../../shared/cms/source.ts';
import type { SourceSettings } from '../../shared/cms/source-settings.ts';

/** The maximum number of pages of names that are watched: their digests share a row. */
const maxNamePages = 20;

/**
 * Returns short digests of the names that stories carry (tags, authors), by id. Names that are not listed now (some keys
 * may not list them) keep their digest in `known`. A new name needs no check, because no stored story has it under
 * another name.
 */
export async function digestsOfNames(
  cms: CmsApi,
  api: SourceApi,
  { settings, credentials }: { readonly settings: SourceSettings; readonly credentials: Credentials },
  known: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const names: Record<string, string> = { ...known };
  for (const list of api.names(settings, credentials, 1).keys()) {
    for (let page = 1; page <= maxNamePages; page += 1) {
      const request = api.names(settings, credentials, page)[list];
      const { status, body } = request ? await cms.ask(request) : { status: 404, body: undefined };
      const entries = status === 200 ? entriesIn(body) : [];
      for (const { id, documentId, name, title, first_name, last_name, slug, link } of entries)
        names[`${list}:${String(documentId ?? id)}`] = createHash('sha256')
          .update(canonicalJson({ name, title, first_name, last_name, slug, link }))
          .digest('hex')
          .slice(0, 8);
      if (entries.length < namesPageSize) break;
    }
  }
  return names;
}

/** Returns the entries of a CMS's list: a bare array, or the only array in an object. */
function entriesIn(body: unknown): Record<string, unknown>[] {
  const list = Array.isArray(body)
    ? body
    : Object.values(isObject(body) ? body : {}).find((held) => Array.isArray(held));
  return Array.isArray(list) ? list.filter(isObject) : [];
}
