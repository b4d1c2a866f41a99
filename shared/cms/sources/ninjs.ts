import type { Article } from '../../article/article.ts';
import { hasUnusableStatus } from '../../article/article-schema.ts';
import { readNinjs } from '../../article/ninjs.ts';
import { isObject } from '../source-api.ts';
import { noSettings, nothing, type ReadResult, type Source } from '../source.ts';

/** The uris of the stories that test this endpoint. */
export const testUris = 'urn:pressrun:test:';

/** Wire agencies and Superdesk: the body is a ninjs item of 3.x, 2.x or 1.x with its own `uri`. */
export const ninjs: Source = {
  name: 'ninjs',
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hasOwnUris: true,
  hidesScheduled: false,
  defaults: noSettings,

  sample: (id, at) => {
    const item = {
      uri: `${testUris}${id}`,
      type: 'text',
      versionCreated: at,
      headlines: [{ role: 'main', value: 'Test of the ninjs door' }],
    };
    // A withdrawal with the same time as a story is above it if it arrives later.
    return [{ body: item }, { body: { ...item, pubStatus: 'canceled' } }];
  },

  read: (payload): ReadResult => {
    if (!isObject(payload)) return { faults: [{ path: '', message: 'must be a ninjs item' }] };
    const { item, faults: unsure } = readNinjs(asCanceled(payload));
    if (isOfNoArticle(item))
      return unsure.length > 0 || (isObject(item) && item['embargoedUntil'] !== undefined)
        ? {
            faults: [
              ...unsure,
              {
                path: 'embargoedUntil',
                message:
                  'must stand with the picture in the article that shows it: an embargo of a picture by itself is not kept',
              },
            ],
          }
        : nothing;
    // A withdrawal needs no other fields than those that identify the item.
    const faults = hasUnusableStatus(item) ? [] : unsure;
    // `accept` validates it like every other event and names every fault.
    return faults.length > 0
      ? { faults }
      : { commands: [{ type: 'article.published', detail: { article: item as Article } }] };
  },
};

/** Superdesk Web Publisher uses `unpublished` for a withdrawn item; ninjs has `canceled` for it. */
function asCanceled(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      name.toLowerCase() === 'pubstatus' && value === 'unpublished' ? 'canceled' : value,
    ]),
  );
}

/** The ninjs types of items without a page of their own. A canceled one is pulled from the articles that show it. */
const otherTypes: readonly unknown[] = ['audio', 'video', 'picture', 'graphic', 'event', 'planning', 'component'];

function isOfNoArticle(item: unknown): boolean {
  return (
    isObject(item) &&
    otherTypes.includes(item['type']) &&
    (item['pubStatus'] === undefined || item['pubStatus'] === 'usable')
  );
}
