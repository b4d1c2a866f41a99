import * as v from 'valibot';
import { announcementSchemas } from './announcement-schema.ts';
import { namedArticle, namedPicture, pullableTypes, usableArticle } from '../article/article-schema.ts';
import { detailEntries } from '../article/detail-schema.ts';
import { namedFront, usableFront } from '../front/front-schema.ts';
import { schemaVersions } from './schema-version.ts';
import { articleEvents, frontEvents, type ArticleEvent, type FrontEvent } from '../article/version.ts';

/** The contract of an event's `detail`. `in` is for events that Pressrun receives, `out` for its announcements. */
export interface Contract {
  /** The `detail-type`. */
  readonly event: string;
  readonly direction: 'in' | 'out';
  /** Rises with each incompatible change. */
  readonly schemaVersion: number;
  readonly detail: v.GenericSchema;
}

const shown = v.looseObject({
  ...detailEntries,
  article: v.pipe(
    usableArticle,
    v.description(
      'A ninjs item; the names are those of ninjs 3.1. An item whose `pubStatus` is withheld or canceled withdraws the article and needs only `uri` and `versionCreated`.',
    ),
  ),
});
const withdrawn = v.looseObject({
  ...detailEntries,
  article: v.pipe(
    v.union([
      namedArticle,
      v.pipe(
        v.looseObject({ ...namedPicture.entries, type: v.pipe(v.picklist(pullableTypes), v.title('PictureType')) }),
        v.title('PictureReference'),
      ),
    ]),
    v.title('ItemReference'),
    v.description(
      'The item that the event is about. For a picture, graphic, video or audio item, the event applies to every article and list that shows it.',
    ),
  ),
});

const taken: Readonly<Record<ArticleEvent | FrontEvent, readonly [string, v.GenericSchema]>> = {
  'article.published': ['An article may be shown once its embargo has passed.', shown],
  'article.updated': ['Has the same effect as article.published.', shown],
  'article.unpublished': ['Withdraws an article.', withdrawn],
  'article.deleted': ['Has the same effect as article.unpublished.', withdrawn],
  'article.held': ['Hides an article, whatever arrives, until a later article.unheld; pulls a picture.', withdrawn],
  'article.unheld': ['Ends a hold.', withdrawn],
  'article.erased': ['Removes every stored text of an article permanently.', withdrawn],
  'front.published': ['Sets the content of a front.', v.looseObject({ ...detailEntries, front: usableFront })],
  'front.unpublished': ['Withdraws a front.', v.looseObject({ ...detailEntries, front: namedFront })],
};

/** The contracts of all events. */
export const contracts: readonly Contract[] = [
  ...[...articleEvents, ...frontEvents].map((event) => {
    const [description, detail] = taken[event];
    return {
      event,
      direction: 'in' as const,
      schemaVersion: schemaVersions[event],
      detail: v.pipe(detail, v.description(description)),
    };
  }),
  ...Object.entries(announcementSchemas).map(([event, detail]) => ({
    event,
    direction: 'out' as const,
    schemaVersion: detail.entries.schemaVersion.literal,
    detail,
  })),
];
