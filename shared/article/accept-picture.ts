import * as v from 'valibot';
import { issuesOf } from '../field-schema.ts';
import { pictureIdNamed, picturePartition } from '../picture/picture.ts';
import { namedPicture } from './article-schema.ts';
import { aheadOfTime, holdKind, whoAndWhy, type Accepted, type Arrival } from './bus-event.ts';
import { detailSchema } from './detail-schema.ts';
import { digestOf, type ArticleEvent } from './version.ts';

/** Validates an event that pulls or restores a picture. Pictures have holds and no versions. */
export function acceptPicture(
  event: ArticleEvent,
  detail: Record<string, unknown>,
  raw: unknown,
  { time, origin, rejected }: Arrival,
): Accepted {
  const said = v.safeParse(detailSchema, detail, { abortPipeEarly: true });
  const item = v.safeParse(namedPicture, raw, { abortPipeEarly: true });
  if (!said.success || !item.success) return rejected([...issuesOf(item.issues, 'article'), ...issuesOf(said.issues)]);
  const { uri, versionCreated } = item.output;
  const ahead = aheadOfTime(said.output.receivedAt ?? time, { 'article.versionCreated': versionCreated });
  if (ahead.length > 0) return rejected(ahead);
  const pictureId = pictureIdNamed(uri);
  return {
    kind: 'picture',
    pictureId,
    hold: {
      articleId: picturePartition(pictureId),
      uri,
      receivedAt: said.output.receivedAt ?? time,
      digest: digestOf(event, detail),
      kind: holdKind(event) ?? 'held',
      origin,
      ...whoAndWhy(said.output),
    },
  };
}
