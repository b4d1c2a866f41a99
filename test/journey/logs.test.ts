import { createHmac } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StackLog } from '../../tools/laptop/stack.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { story } from '../unit/story.ts';
import { Newsroom } from './newsroom.ts';

const secret = 'opensesame-hunter2-tulip';
// Short, since a parser quotes ten characters.
const words = ['zanziba', 'quagmir', 'flumadi'] as const;
const uri = 'urn:logs:harbour';

const lines: StackLog[] = [];
let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open(
    { purgeWindowSeconds: '0' },
    { ingestSecrets: JSON.stringify({ ghost: secret, ninjs: secret }), log: (entry) => lines.push(entry) },
  );
});

afterAll(async () => newsroom.close());

/** The lines that a function logged. Lines that are not JSON are its runtime's. */
function linesOf(name: string): Record<string, unknown>[] {
  return lines
    .filter(({ from }) => from === `pressrun-local-${name}`)
    .flatMap(({ line }) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
}

/** Functions in which a line names this id. */
function following(correlationId: string): string[] {
  return ['store', 'project', 'purge', 'watch'].filter((name) =>
    linesOf(name).some(
      (line) =>
        line['correlationId'] === correlationId ||
        (line['correlationIds'] as string[] | undefined)?.includes(correlationId),
    ),
  );
}

test('one correlation id leads from the event to the reader, and no log line has a word of a story or a secret', async () => {
  const [headline, standfirst, body] = words;
  const detail = story({
    uri,
    versionCreated: new Date(Date.now() - 60_000).toISOString(),
    headlines: [{ value: `The ${headline} bridge` }],
    descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: `It is ${standfirst}.` }],
    bodies: [{ contentType: 'text/html', value: `<p>So ${body}.</p>` }],
  });
  const eventId = await newsroom.put('article.published', detail);
  // Events that are rejected on the bus; and webhooks that cannot be parsed, are not signed, or have no story.
  await newsroom.put('article.published', {
    ...detail,
    uri: 'urn:logs:faulty',
    versionCreated: headline,
    expires: body,
  });
  const post = async (source: string, text: string, headers: Record<string, string>): Promise<number> =>
    (await fetch(`${newsroom.stack.ingestUrl}/ingest/${source}`, { method: 'POST', body: text, headers })).status;
  const now = Date.now();
  const seconds = String(Math.floor(now / 1000));
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');
  expect(
    await post('ghost', `{"post": {"${headline}"`, { 'X-Ghost-Signature': `sha256=${sign('another')}, t=${now}` }),
  ).toBe(401);
  const broken = `{"uri": "${headline} ${body}`;
  expect(
    await post('ninjs', broken, {
      'X-Pressrun-Timestamp': seconds,
      'X-Pressrun-Signature': `sha256=${sign(`${seconds}.${broken}`)}`,
    }),
  ).toBe(422);

  // Messages that cannot be parsed: a parser's error would quote them.
  for (const queue of ['release', 'project-retry', 'watch']) {
    const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: `pressrun-local-${queue}` }));
    await newsroom.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `{"articleId": ${headline}` }));
  }

  await newsroom.until('readers see it', () => newsroom.about(uri, 'article.fresh').length > 0);
  await newsroom.until('every function has logged it', () => following(eventId).length === 4);
  await newsroom.until('every failure is logged', () =>
    ['release', 'project', 'watch'].every((name) => linesOf(name).some(({ level }) => level === 'ERROR')),
  );
  expect(
    newsroom
      .about(uri, 'article.live', 'cdn.purged', 'article.fresh')
      .map(({ detail }) => Reflect.get(detail as object, 'correlationId') as unknown),
  ).toEqual(expect.arrayContaining([eventId]));
  expect(
    linesOf('project').some((line) => line['correlationId'] === eventId && line['articleId'] === articleIdOf(uri)),
  ).toBe(true);

  // A webhook's correlation id is its request's id, also if the request was rejected.
  const webhook = JSON.stringify({ ...detail, uri: 'urn:logs:webhook' });
  expect(
    await post('ninjs', webhook, {
      'X-Pressrun-Timestamp': seconds,
      'X-Pressrun-Signature': `sha256=${sign(`${seconds}.${webhook}`)}`,
    }),
  ).toBe(202);
  await newsroom.until('it is public', () => newsroom.about('urn:logs:webhook', 'article.live').length > 0);
  const requestId = Reflect.get(
    newsroom.about('urn:logs:webhook', 'article.live')[0]?.detail as object,
    'correlationId',
  ) as unknown;
  // A metric is a line without a message.
  const atIngest = linesOf('ingest')
    .filter(({ message }) => message !== undefined)
    .map(({ message, correlationId }) => [message, typeof correlationId]);
  expect(atIngest).toEqual([
    ['turned away', 'string'],
    ['turned away', 'string'],
    ['taken', 'string'],
  ]);
  expect(linesOf('ingest').at(-1)?.['correlationId']).toBe(requestId);
  expect(
    linesOf('store')
      .filter(({ Stored }) => Stored !== undefined)
      .every(({ correlationId }) => typeof correlationId === 'string'),
  ).toBe(true);
  const written = lines.map(({ line }) => line).join('\n');
  for (const never of [...words, secret]) expect(written.includes(never)).toBe(false);
});
