import { idGrammars } from '../ids.ts';
import { documentsIn, relationshipsIn } from '../json-api.ts';
import { addressOf, bearer, pageSize, within, type ApiRequest, type Credentials } from '../source-api.ts';
import type { SourceApi } from '../source.ts';
import type { SourceSettings } from '../source-settings.ts';

/** Pages overlap by this number, so that a story that leaves the list meanwhile moves no other out of the walk. */
const overlap = 5;

/** Returns how to query JSON:API of Drupal's core. */
export function drupalApi(state: SourceApi['state']): SourceApi {
  return {
    id: idGrammars.drupal,
    list: (settings, credentials, since, page) =>
      languagesOf(settings).flatMap((language) =>
        requests(settings, credentials, language, {
          // Drupal compares the stored seconds.
          'filter[since][condition][path]': 'changed',
          'filter[since][condition][operator]': '>=',
          'filter[since][condition][value]': Math.floor(Date.parse(since) / 1000),
          sort: '-changed',
          'page[limit]': pageSize,
          'page[offset]': (page - 1) * (pageSize - overlap),
        }),
      ),
    byIds: (settings, credentials, given) =>
      languagesOf(settings).flatMap((language) => {
        const own = given.filter((id) => languageOf(id) === language).map(uuidIn);
        return own.length === 0
          ? []
          : requests(settings, credentials, language, {
              'filter[ids][condition][path]': 'id',
              'filter[ids][condition][operator]': 'IN',
              ...Object.fromEntries(own.map((id, index) => [`filter[ids][condition][value][${index}]`, id])),
            });
      }),
    one: (settings, credentials, id) => requests(settings, credentials, languageOf(id), {}, [uuidIn(id)]),
    // Drupal does not count the list, and a page is shorter by the nodes that the key may not see.
    listed: ({ status, body }, _, { url }) => {
      if (status !== 200 || !Array.isArray(within(body, 'data'))) return undefined;
      const items = documentsIn(body);
      const isLast = within(body, 'links', 'next') === undefined;
      const before = Number(new URL(url).searchParams.get('page[offset]') ?? 0);
      const atLeast = isLast ? Math.max(items.length, before > 0 ? overlap + 1 : 0) : pageSize + 1;
      return { items, isLast, total: before + atLeast };
    },
    state,
    isGone: ({ status, body }, settings, { url }) => {
      if (status === 200) {
        const asked = languagesOf(settings).find((language) =>
          url.startsWith(`${settings.url}${prefixOf(language, settings)}/jsonapi/`),
        );
        // Drupal answers in its default language if the translation is not there, or not published.
        const isOther = asked !== undefined && within(body, 'data', 'attributes', 'langcode') !== asked;
        return isOther || within(body, 'data', 'attributes', 'status') === false;
      }
      // Drupal names the permission that a key lacks. It names none for a node that is not published.
      const reason = within(body, 'errors', 0, 'detail');
      return (
        status === 404 ||
        (status === 403 && typeof reason === 'string' && reason.endsWith('GET the selected resource.'))
      );
    },
    names: () => [],
  };
}

export function typesOf({ collection }: SourceSettings): string[] {
  return collection.split(',').map((type) => `node--${type.trim()}`);
}

/** Returns the languages; one that is undefined for a site in one language. */
export function languagesOf({ locales }: SourceSettings): readonly (string | undefined)[] {
  return locales.length === 0 ? [undefined] : locales;
}

function uuidIn(id: string): string {
  return id.split('.')[0] ?? '';
}

function languageOf(id: string): string | undefined {
  return id.split('.')[1];
}

/** Returns the path before the addresses of a language: the site's own, which is the first, has none. */
export function prefixOf(language: string | undefined, { locales }: SourceSettings): string {
  return language === undefined || language === locales[0] ? '' : `/${language}`;
}

function requests(
  settings: SourceSettings,
  credentials: Credentials,
  language: string | undefined,
  parameters: Readonly<Record<string, string | number>>,
  steps: readonly string[] = [],
): ApiRequest[] {
  const include = relationshipsIn(settings.fields).join(',');
  return typesOf(settings).map((type) => ({
    url: addressOf(
      `${settings.url}${prefixOf(language, settings)}`,
      ['jsonapi', 'node', type.slice('node--'.length), ...steps],
      {
        ...(include !== '' && steps.length === 0 && { include }),
        ...(language !== undefined && steps.length === 0 && { 'filter[langcode]': language }),
        ...parameters,
      },
    ),
    headers: { accept: 'application/vnd.api+json', ...bearer(credentials) },
  }));
}
