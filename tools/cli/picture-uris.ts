import { rowKind } from '../../shared/aws/row-kind.ts';
import { versionOf } from '../../shared/aws/rows.ts';
import type { Row, Table } from '../../shared/aws/table.ts';
import { pictureIdNamed, pictureIdsOf } from '../../shared/picture/picture.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { picturesIn } from './history.ts';
import { unknownOf } from './send-events.ts';

/** @throws {WrongUse} A uri is that of a story, or (unless `notSeenYet`) of a picture that no story has. */
export async function requireKnownPictures(
  {
    articles,
    pictures,
    tableNamed,
    articlesTable,
  }: Pick<Connection, 'articles' | 'pictures' | 'tableNamed' | 'articlesTable'>,
  uris: readonly string[],
  { story, notSeenYet }: { readonly story?: string; readonly notSeenYet?: boolean },
): Promise<void> {
  const unknown = await unknownOf(articles, uris);
  const stories = uris.filter((uri) => !unknown.includes(uri));
  if (stories.length > 0)
    throw new WrongUse(
      `${stories.join(', ')} is a story and no picture: nothing was done. To take a story from readers, withdraw or hold it`,
    );
  if (notSeenYet === true) return;
  const seen =
    story === undefined
      ? await picturesSeen(tableNamed(articlesTable), uris)
      : new Set((await picturesIn(articles, pictures, story)).map(({ uri }) => uri));
  const unseen = uris.filter((uri) => !seen.has(uri));
  if (unseen.length > 0) {
    throw new WrongUse(
      `${story === undefined ? 'no story has' : `${story} has not`} the picture ${unseen.join(', ')}: nothing was done. Mend the uri, or say --not-seen-yet to hide it once a story brings it`,
    );
  }
}

/** @throws {WrongUse} A picture is not pulled. */
export async function requirePulled(pictures: Pick<Pictures, 'pulled'>, uris: readonly string[]): Promise<void> {
  const { ids } = await pictures.pulled();
  const shown = uris.filter((uri) => !ids.has(pictureIdNamed(uri)));
  if (shown.length > 0) throw new WrongUse(`${shown.join(', ')} is not pulled: nothing was done. Mend the uri`);
}

/** Parts of the table that are scanned concurrently. */
const segments = 8;

/** The uris that any stored version has as a picture. No index lists pictures, so versions are scanned until all are found. */
async function picturesSeen(table: Table, uris: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = Map.groupBy(uris, pictureIdNamed);
  const seen = new Set<string>();
  await Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      let next: Row | undefined;
      do {
        const page = await table.scan({
          Segment: segment,
          TotalSegments: segments,
          ...(next && { ExclusiveStartKey: next }),
        });
        for (const row of page.rows) {
          if (rowKind(row) !== 'version') continue;
          for (const id of pictureIdsOf(versionOf(row).content.article)) {
            for (const uri of wanted.get(id) ?? []) seen.add(uri);
          }
        }
        next = page.next;
      } while (next && seen.size < uris.length);
    }),
  );
  return seen;
}
