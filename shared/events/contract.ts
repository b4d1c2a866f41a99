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
      'A ninjs 3.x or 2.x item; names are those of 3.x. One whose `pubStatus` is withheld or canceled is withdrawn, and needs only `uri` and `versionCreated`.',
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
      'The item that it is about; of a picture (graphic, video, audio), every story and list that shows it.',
    ),
  ),
});

const taken: Readonly<Record<ArticleEvent | FrontEvent, readonly [string, v.GenericSchema]>> = {
  'article.published': ['An article may be shown, from its embargo on.', shown],
  'article.updated': ['The same; which of the two it is called makes no difference.', shown],
  'article.unpublished': ['An article is to be shown no more.', withdrawn],
  'article.deleted': ['The same; which of the two it is called makes no difference.', withdrawn],
  'article.held': [
    'An article stays dark whatever arrives, until a later article.unheld; a picture is pulled.',
    withdrawn,
  ],
  'article.unheld': ['The end of a hold.', withdrawn],
  'article.erased': ['Every stored text of an article is stripped, for ever.', withdrawn],
  'front.published': ['A front is as it says.', v.looseObject({ ...detailEntries, front: usableFront })],
  'front.unpublished': ['A front is to be shown no more.', v.looseObject({ ...detailEntries, front: namedFront })],
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
