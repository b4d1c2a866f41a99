import * as v from 'valibot';
import { boundedIssues, type Issue } from '../field-schema.ts';
import { jsonBounds, jsonIn } from '../canonical.ts';
import { idIn } from '../events/correlation.ts';
import { namedFront } from '../front/front-schema.ts';
import { longestUriBytes } from './article-schema.ts';
import type { Origin } from './origin.ts';
import { clockSkewMilliseconds } from './settle.ts';
import {
  articleEvents,
  frontEvents,
  packContent,
  type ArticleEvent,
  type Content,
  type FrontContent,
  type FrontEvent,
  type Hold,
  type Version,
} from './version.ts';

/** The result of validating an event: a version, a hold (of an article or a picture), or a rejection. */
export type Accepted =
  | { readonly kind: 'version'; readonly version: Version }
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'picture'; readonly pictureId: string; readonly hold: Hold }
  | { readonly kind: 'front'; readonly version: Version<FrontContent> }
  | {
      readonly kind: 'rejected';
      readonly eventId: string;
      readonly source: string;
      /** The bus event's `time`, epoch ms; absent if the message is not a bus event. */
      readonly time?: number;
      readonly origin?: Origin;
      readonly uri?: string;
      /** The name of the front, if the event is about one. */
      readonly front?: string;
      readonly errors: readonly Issue[];
    };

/** The clocks of an endpoint, the bus and the queue may differ by this much. The bus's time has whole seconds. */
const awsSkewMilliseconds = 10_000;

/** A DynamoDB item may have 400 KB; the difference is reserved for the rest of the row. */
const largestContentBytes = 390 * 1024;

const envelopeSchema = v.object({
  id: v.string(),
  source: v.string(),
  time: v.pipe(
    v.string(),
    v.check((value) => !Number.isNaN(Date.parse(value))),
  ),
  'detail-type': v.string(),
  detail: v.record(v.string(), v.unknown()),
  // EventBridge adds this field to events that an archive replay brings.
  'replay-name': v.optional(v.string()),
});

export type Envelope = v.InferOutput<typeof envelopeSchema>;

export function envelopeIn(body: string): Envelope | undefined {
  const envelope = v.safeParse(envelopeSchema, jsonIn(body));
  return envelope.success ? envelope.output : undefined;
}

export function noEvent(deliveryId: string): Accepted {
  const message = `must be an EventBridge event with id, source, time, detail-type and detail, ${jsonBounds}`;
  return { kind: 'rejected', eventId: deliveryId, source: '', errors: [{ path: '', message }] };
}

/** The parts of an event that are not in its detail. */
export interface Arrival {
  /** The bus event's `time`, epoch ms. */
  readonly time: number;
  readonly origin: Origin;
  readonly rejected: (errors: readonly Issue[]) => Accepted;
}

export function arrivalOf({ id, time, detail, 'replay-name': replay }: Envelope): {
  readonly time: number;
  readonly origin: Origin;
} {
  return {
    time: Date.parse(time),
    origin: { correlationId: idIn(detail['correlationId']) ?? id, ...(replay !== undefined && { replay }) },
  };
}

/**
 * Returns a function that makes the rejection of one event. The number of its issues is bounded, because a rejection
 * must itself fit into an event.
 */
export function rejections(envelope: Envelope, article: unknown): (errors: readonly Issue[]) => Accepted {
  const { id: eventId, source } = envelope;
  const uri = uriIn(article);
  const front = frontNameIn(envelope);
  const about = {
    kind: 'rejected' as const,
    eventId,
    source,
    ...arrivalOf(envelope),
    ...(uri !== undefined && uri.length <= longestUriBytes && { uri }),
    ...(front !== undefined && { front }),
  };
  return (errors) => ({ ...about, errors: boundedIssues(errors) });
}

export function uriIn(article: unknown): string | undefined {
  return typeof article === 'object' && article !== null && 'uri' in article && typeof article.uri === 'string'
    ? article.uri
    : undefined;
}

export function frontNameIn({ 'detail-type': detailType, detail: { front } }: Envelope): string | undefined {
  const name: unknown = typeof front === 'object' && front !== null && 'name' in front ? front.name : undefined;
  return isFrontEvent(detailType) && v.is(namedFront.entries.name, name) ? name : undefined;
}

export function isFrontEvent(detailType: string): detailType is FrontEvent {
  return (frontEvents as readonly string[]).includes(detailType);
}

export function isArticleEvent(detailType: string): detailType is ArticleEvent {
  return (articleEvents as readonly string[]).includes(detailType);
}

export function holdKind(event: ArticleEvent): Hold['kind'] | undefined {
  switch (event) {
    case 'article.held':
      return 'held';
    case 'article.unheld':
      return 'unheld';
    case 'article.erased':
      return 'erased';
    default:
      return undefined;
  }
}

export function whoAndWhy({
  actor,
  reason,
}: {
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}): Pick<Content, 'actor' | 'reason'> {
  return { ...(actor !== undefined && { actor }), ...(reason !== undefined && { reason }) };
}

/**
 * Returns an issue for each time that lies after the event's receipt. Holds are ordered by these times: a hold with a
 * later time would override every hold that is ordered until then.
 */
export function timeIssuesOf(time: number, receivedAt: unknown, sentAt: number): Issue[] {
  if (time < 0) return [{ path: 'time', message: 'must not lie before 1970' }];
  if (time > sentAt + awsSkewMilliseconds)
    return [{ path: 'time', message: 'must not be more than 10 seconds after the queue received the event' }];
  return typeof receivedAt === 'number' && receivedAt > Math.min(time, sentAt) + awsSkewMilliseconds
    ? [
        {
          path: 'receivedAt',
          message:
            "must not be more than 10 seconds after the bus event's time: an event is received before it is sent",
        },
      ]
    : [];
}

export const aheadOfReceipt = 'must not be more than 15 minutes after the event was received';

/**
 * Returns an issue for each time that is further ahead of receipt than a CMS's clock can be wrong. Such a version would
 * stay above every later one.
 */
export function aheadOfTime(receivedAt: number, times: Readonly<Record<string, string | undefined>>): Issue[] {
  return Object.entries(times)
    .filter(([, value]) => Date.parse(value ?? '') > receivedAt + clockSkewMilliseconds)
    .map(([path]) => ({ path, message: aheadOfReceipt }));
}

export const tooLarge = 'must be smaller: compressed, it exceeds the 390 KB of one version';

/**
 * Returns whether a content exceeds a row even when it is compressed. The uncompressed size is checked first, because
 * compression is slow and almost every content fits without it.
 */
export function isTooLarge(content: Content | FrontContent): boolean {
  return (
    Buffer.byteLength(JSON.stringify(content)) > largestContentBytes &&
    packContent(content).byteLength > largestContentBytes
  );
}
