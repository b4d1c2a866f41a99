import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { articleIdOf } from '../../shared/article/article.ts';
import { hasOwnPage } from '../../shared/article/head.ts';
import { hiddenSince } from '../../shared/article/settle.ts';
import { inOrder } from '../../shared/article/version.ts';
import { WrongUse } from './exits.ts';
import type { Connection } from './connection.ts';
import { reasonOf, storyOf } from './history.ts';
import { queueUrl } from './rejected.ts';
import { inUtc } from './zone.ts';

export interface DueArticle {
  readonly at: number;
  readonly articleId: string;
  readonly uri?: string;
  /** Its instant has passed without a settle. */
  readonly late: boolean;
}

const hour = 3_600_000;
/** Time that a scheduled settle may take. */
const graceMilliseconds = 60_000;

/** Returns the entries of the schedule index around an instant, earliest first. */
export async function dueAround(
  { scheduleIndex, articles }: Connection,
  now: number,
  hours: number,
): Promise<DueArticle[]> {
  const found: DueArticle[] = [];
  for await (const { articleId, instant } of scheduleIndex.between(now - hours * hour, now + hours * hour)) {
    const { head, newestFirst } = await articles.open(articleId);
    const newest = await inOrder(newestFirst, 'newest').next();
    const uri = head?.uri ?? (newest.done === true ? undefined : newest.value.content.article.uri);
    // A settle after the instant did the work, even if it changed nothing. Only a change leaves a publish trace.
    const late = instant < now - graceMilliseconds && (head?.settledAt ?? 0) < instant;
    found.push({ at: instant, articleId, late, ...(uri !== undefined && { uri }) });
  }
  return found;
}

export interface Released {
  readonly standing: 'live' | 'hidden' | 'gone';
  readonly path?: string;
  readonly because: string;
}

const timeoutMs = 15_000;
const pollIntervalMs = 250;

/** Has `release` settle a story, and waits until it is public, or says why it is not. */
export async function release(connection: Connection, uri: string, now: () => number, when = inUtc): Promise<Released> {
  const { sqs, stage, articles } = connection;
  const articleId = articleIdOf(uri);
  const { holds, newestFirst } = await articles.open(articleId);
  const newest = await inOrder(newestFirst, 'newest').next();
  if (newest.done === true)
    throw new WrongUse(`nothing was ever received of ${uri}: is --stage right, and the uri as the CMS sends it?`);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: await queueUrl(sqs, `pressrun-${stage}-release`),
      MessageBody: JSON.stringify({ articleId }),
    }),
  );
  const { status, embargoedUntil } = newest.value;
  const isPublic = status === 'usable' && (embargoedUntil ?? 0) <= now() && hiddenSince(holds) === undefined;
  const deadline = now() + (isPublic ? timeoutMs : 1000);
  for (;;) {
    const head = await articles.head(articleId);
    if (head?.visibility === 'live')
      // A post or a profile has no address of its own.
      return {
        standing: 'live',
        ...(head.path !== undefined && hasOwnPage(head) && { path: head.path }),
        because: 'readers see it',
      };
    if (now() > deadline)
      return {
        standing: head?.visibility ?? 'hidden',
        because: reasonOf(await storyOf(connection, uri), now(), when),
      };
    await pause(pollIntervalMs);
  }
}
