import { InvalidArgumentError } from 'commander';
import { stageNameOf } from '../../infra/stage-name.ts';

/** Parsers of options and arguments. Each throws an InvalidArgumentError that says what the value must be. */

export function parseAddress(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new InvalidArgumentError('must be an address such as http://127.0.0.1:4566');
  return text;
}

export function parseStage(text: string): string {
  try {
    return stageNameOf(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}

export function parseTimeZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('must be a zone such as Europe/London (IANA)');
  }
}

export function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours > 0 && hours <= 24 * 366))
    throw new InvalidArgumentError('must be a number of hours, of a year at most.');
  return hours;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new InvalidArgumentError('must be a number, 1 to 100,000.');
  return count;
}

export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 1 && seconds <= 3600))
    throw new InvalidArgumentError('must be a number of seconds, 1 to 3600.');
  return seconds;
}

/** The parser of an option that takes an instant; it returns milliseconds since 1970. */
export function parseInstantOf(option: string): (text: string) => number {
  return (text) => {
    const instant = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(instant))
      throw new InvalidArgumentError(`${option} must be an instant with its zone, such as 2026-11-24T18:00:00Z`);
    return instant;
  };
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('must be a port, 0 to 65535; 0 is any free one.');
  return port;
}
