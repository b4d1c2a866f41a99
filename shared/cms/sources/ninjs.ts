import type { Article } from '../../article/article.ts';
import { hasUnusableStatus } from '../../article/article-schema.ts';
import { readNinjs } from '../../article/ninjs.ts';
import { isObject } from '../source-api.ts';
import { noSettings, nothing, type AudioRendition, type Source } from '../source.ts';

/** The uris of the stories that test this endpoint. */
export const testUris = 'urn:pressrun:test:';

/** Wire agencies and Superdesk: a ninjs item as the body, of 3.x, 2.x or 1.x. Its `uri` is its own. */
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
    // Of one time, a withdrawal is the later when it comes later.
    return [{ body: item }, { body: { ...item, pubStatus: 'canceled' } }];
  },

  read: (payload): AudioRendition => {
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
    // A withdrawal needs no more than to say what it withdraws.
    const faults = hasUnusableStatus(item) ? [] : unsure;
    // It is judged with everything else that the bus takes: every fault there is named.
    return faults.length > 0
      ? { faults }
      : { commands: [{ type: 'article.published', detail: { article: item as Article } }] };
  },
};

/** Superdesk Web Publisher says `unpublished` of an item that is withdrawn; ninjs has `canceled` for it. */
function asCanceled(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      name.toLowerCase() === 'pubstatus' && value === 'unpublished' ? 'canceled' : value,
    ]),
  );
}

/** Types of ninjs whose items no reader sees by themselves. Canceled ones are pulled from the articles that show them. */
const otherTypes: readonly unknown[] = ['audio', 'video', 'picture', 'graphic', 'event', 'planning', 'component'];

function isOfNoArticle(item: unknown): boolean {
  return (
    isObject(item) &&
    otherTypes.includes(item['type']) &&
    (item['pubStatus'] === undefined || item['pubStatus'] === 'usable')
  );
}
