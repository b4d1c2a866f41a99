import { expect } from '@jest/globals';
import type { Command } from '../../../shared/cms/command.ts';
import { readWebhook, type Webhook } from '../../../shared/cms/source.ts';
import { settingsOf, sourceNamed, type GivenSettings } from '../../../shared/cms/sources.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { bytesOf, WebhookEndpoint } from '../webhook-endpoint.ts';
import { busEvent, noon } from '../story.ts';

export function read(
  name: string,
  payload: unknown,
  given: GivenSettings = {},
  receivedAt = noon,
  headers: Webhook['headers'] = {},
): readonly Command[] {
  const source = sourceNamed(name);
  if (!source) throw new Error(`no source ${name}`);
  const reading = readWebhook(source, payload, settingsOf(source, given), { receivedAt, headers });
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

export const only = (commands: readonly Command[]): Command => {
  if (commands.length !== 1 || !commands[0]) throw new Error(`${commands.length} commands`);
  return commands[0];
};

/** Sends webhooks through ingest, the bus and store, in memory. Returns the pipeline. */
export async function newsroom(webhooks: readonly ({ readonly source: string } & Webhook)[]): Promise<Pipeline> {
  const endpoint = new WebhookEndpoint();
  for (const { source, body, headers } of webhooks) {
    endpoint.clock.time += 50;
    const { status } = await endpoint.postWith(source, bytesOf(source, body), headers);
    if (status !== 202 && status !== 204) throw new Error(`${source} answered ${status}`);
  }
  const pipeline = new Pipeline(endpoint.clock.time + 1000);
  await pipeline.deliver(
    endpoint.bus.events.map(({ source, type, detail }) =>
      busEvent(type, detail, { source, time: new Date(endpoint.clock.time).toISOString() }),
    ),
  );
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

export const live = (pipeline: Pipeline): Record<string, readonly [string, string]> =>
  Object.fromEntries(
    [...pipeline.articles.heads.values()]
      .filter(({ visibility }) => visibility === 'live')
      .map(({ uri, card }) => [uri, [card?.headline ?? '', card?.section ?? '']] as const),
  );
