import { isRecord } from '../fields.ts';

export function objectAt(value: unknown, at: string, message = 'must be an object'): Record<string, unknown> {
  return isRecord(value) ? value : fail(at, message);
}

export function textAt(value: unknown, at: string): string {
  return typeof value === 'string' ? value : fail(at, 'must be a string');
}

export function onlyEntry(object: Record<string, unknown>, at: string): [string, unknown] {
  const [entry, ...others] = Object.entries(object);
  if (!entry || others.length > 0) return fail(at, 'a match expression has exactly one key');
  return entry;
}

export function fail(at: string, message: string): never {
  throw new TypeError(`event pattern at ${at}: ${message}`);
}
