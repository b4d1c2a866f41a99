import { start, type Command } from './plan.ts';

/** One line of a history, for a person. */
export function describe(command: Command): string {
  const { does, at, ...rest } = command.does === 'again' ? { ...command.of, does: 'again', at: command.at } : command;
  const said = Object.entries(rest).map(([name, value]) => {
    const isInstant =
      ['versionCreated', 'embargo', 'expires', 'firstCreated', 'firstPublished', 'since'].includes(name) &&
      typeof value === 'number';
    return `${name}=${isInstant ? clockTime(start + value) : typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  });
  return [does, ...said].join(' ');
}

export function clockTime(instant: number): string {
  const days = Math.floor((instant - Date.parse('2026-05-01T00:00:00Z')) / 86_400_000);
  return `${days > 0 ? `+${days}d ` : ''}${new Date(instant).toISOString().slice(11, 23)}`;
}
