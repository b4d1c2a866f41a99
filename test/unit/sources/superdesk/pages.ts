import { expect } from '@jest/globals';
import type { Command } from '../../../../shared/cms/command.ts';
import { settingsOf, type GivenSettings } from '../../../../shared/cms/sources.ts';
import { superdesk } from '../../../../shared/cms/sources/superdesk.ts';
import { Pipeline } from '../../../simulation/pipeline.ts';
import { noon } from '../../story.ts';

export function read(payload: unknown, given: GivenSettings = {}): readonly Command[] {
  const reading = superdesk.read(payload, settingsOf(superdesk, given), { receivedAt: noon, headers: {} });
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

export function only(payload: unknown, given: GivenSettings = {}): Command {
  const [command, ...others] = read(payload, given);
  if (!command || others.length > 0) throw new Error(`${others.length + 1} commands`);
  return command;
}

/** The readers' view of items that arrive in this order. */
export async function pages(...items: readonly unknown[]): Promise<Pipeline> {
  const pipeline = new Pipeline(noon);
  for (const { type, detail } of items.flatMap((item) => read(item)))
    await pipeline.send(type, { ...detail }, { source: 'cms.superdesk' });
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

export async function pageOf(pipeline: Pipeline, uri: string): Promise<string> {
  const head = [...pipeline.articles.heads.values()].find((one) => one.uri === uri);
  const { status, body } = await pipeline.see(head?.path ?? '/nowhere');
  expect(status).toBe(200);
  return body;
}

export const imagesIn = (page: string): string[] =>
  [...(/<article\b[^]*<\/article>/.exec(page)?.[0] ?? '').matchAll(/<img\b[^>]*? src="([^"]+)"/g)].flatMap(
    ([, href = '']) => href,
  );
