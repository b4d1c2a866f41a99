import { setTimeout as delay } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SampleStack } from './sample-edition.ts';
import { sampleFronts } from './sample-fronts.ts';
import { liveStoryPath, sampleParts } from './sample-live-story.ts';

const pollMilliseconds = 40;
/** EventBridge takes no more entries in one PutEvents. */
const entriesPerCall = 10;

/**
 * Puts the fronts, a live story and the profile of an author on the bus of a running stack, and waits until readers see
 * them.
 *
 * @throws {Error} the bus refused an event, or readers do not see its page in time; the message names it.
 */
export async function publishSamplePages(
  { awsUrl, edgeUrl, busName }: SampleStack,
  { timeoutMilliseconds = 30_000 }: { readonly timeoutMilliseconds?: number } = {},
): Promise<void> {
  const client = new EventBridgeClient({
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const now = Date.now();
  const fronts = sampleFronts(now);
  const events = [
    ...fronts.map((front) => ({ name: `front ${front.name}`, type: 'front.published', detail: { front } })),
    ...sampleParts(now, edgeUrl).map((detail) => ({ name: detail.article.uri, type: 'article.published', detail })),
  ];
  try {
    for (let start = 0; start < events.length; start += entriesPerCall) {
      const together = events.slice(start, start + entriesPerCall);
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: together.map(({ type, detail }) => ({
            EventBusName: busName,
            Source: 'sample-newsroom',
            DetailType: type,
            Detail: JSON.stringify(detail),
          })),
        }),
      );
      for (const [index, { name }] of together.entries())
        if (Entries[index]?.EventId === undefined) throw new Error(`sample edition: the bus refused the ${name}`);
    }
  } finally {
    client.destroy();
  }
  const deadline = Date.now() + timeoutMilliseconds;
  const pages: readonly [path: string, text: string][] = [
    ...fronts.map(({ name }): [string, string] => [`/fronts/${name}.json`, '']),
    [liveStoryPath, 'Last two trawlers are in'],
    ['/author/ines-okonjo-vale', 'World affairs correspondent'],
  ];
  for (const [path, text] of pages) {
    for (;;) {
      const response = await fetch(edgeUrl + path);
      if ((await response.text()).includes(text) && response.ok) break;
      if (Date.now() > deadline) throw new Error(`sample edition: readers do not see ${path}`);
      await delay(pollMilliseconds);
    }
  }
}
