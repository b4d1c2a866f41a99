import type { Article } from '../../article/article.ts';
import { hasUnusableStatus } from '../../article/article-schema.ts';
import { readNinjs } from '../../article/ninjs.ts';
import { asCanceled, isOfNoArticle } from '../ninjs-item.ts';
import { sectionBySetting } from '../sections.ts';
import { isObject } from '../source-api.ts';
import { nothing, type ReadResult } from '../command.ts';
import { timeOfWithdrawal } from '../revision.ts';
import type { Source } from '../source.ts';
import { noSettings, type SourceSettings } from '../source-settings.ts';

/** The uris of the stories that test this endpoint. */
export const testUris = 'urn:pressrun:test:';

/** Wire agencies: the body is a ninjs item of 3.x, 2.x or 1.x with its own `uri`. */
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
      headlines: [{ role: 'main', value: 'Test of the ninjs webhook' }],
    };
    // A withdrawal with the same time as a story is above the story if it arrives later.
    return [{ body: item }, { body: { ...item, pubStatus: 'canceled' } }];
  },

  read: (payload, settings, { receivedAt }): ReadResult => {
    if (!isObject(payload)) return { issues: [{ path: '', message: 'must be a ninjs item' }] };
    const { item, issues: unsure } = readNinjs(asCanceled(payload), receivedAt);
    if (isOfNoArticle(item))
      return unsure.length > 0 || (isObject(item) && item['embargoedUntil'] !== undefined)
        ? {
            issues: [
              ...unsure,
              {
                path: 'embargoedUntil',
                message:
                  'must be sent with the picture in the article that shows it: an embargo of a picture by itself has no effect',
              },
            ],
          }
        : nothing;
    // A withdrawal needs only the fields that identify the item.
    const isWithdrawal = hasUnusableStatus(item);
    if (!isWithdrawal && unsure.length > 0) return { issues: unsure };
    const article = withSections(item, settings);
    const { versionCreated } = article;
    const dated = isWithdrawal ? { ...article, versionCreated: timeOfWithdrawal(versionCreated, receivedAt) } : article;
    // `accept` validates it like every other event and names every fault.
    return { commands: [{ type: 'article.published', detail: { article: dated } }] };
  },
};

/** Returns the item with a section for each of its subjects that the newsroom's setting maps to one. */
function withSections(item: unknown, settings: SourceSettings): Article {
  const article = item as Article;
  const { subjects } = article;
  if (!Array.isArray(subjects)) return article;
  const sections = subjects.flatMap((subject: unknown) => {
    if (!isObject(subject) || subject['rel'] === 'section') return [];
    const names = [subject['uri'], subject['literal'], subject['name']];
    return (
      sectionBySetting(
        settings,
        names.map((name) => (typeof name === 'string' ? name : undefined)),
      ) ?? []
    );
  });
  return sections.length === 0
    ? article
    : { ...article, subjects: [...sections.map((section) => ({ rel: 'section', ...section })), ...subjects] };
}
