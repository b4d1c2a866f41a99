import type { Command } from '../../../shared/cms/command.ts';
import { settingsOf, type GivenSettings } from '../../../shared/cms/sources.ts';
import { newsml } from '../../../shared/cms/sources/newsml.ts';
import { noon } from '../story.ts';

export function read(payload: unknown, given: GivenSettings = {}) {
  return newsml.read(payload, settingsOf(newsml, given), { receivedAt: noon, headers: {} });
}

export function commands(payload: unknown, given: GivenSettings = {}): readonly Command[] {
  const reading = read(payload, given);
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

export function only(payload: unknown, given: GivenSettings = {}): Command {
  const [command, ...others] = commands(payload, given);
  if (!command || others.length > 0) throw new Error(`${others.length + 1} commands`);
  return command;
}

export const issuesOf = (payload: unknown): readonly string[] => {
  const reading = read(payload);
  return 'issues' in reading ? reading.issues.map(({ path }) => path) : [];
};

export const tomorrow = new Date(noon + 86_400_000).toISOString();

export const yesterday = new Date(noon - 86_400_000).toISOString();

export const docdata = (within: string, status = ''): string =>
  `<head><docdata${status === '' ? '' : ` management-status="${status}"`}>${within}</docdata></head>`;
