import { createHash } from 'node:crypto';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 §6 of the first ten bytes: sixteen letters, five bits each. */
export function articleIdOf(uri: string): string {
  const bits = BigInt(`0x${createHash('sha256').update(uri).digest('hex').slice(0, 20)}`);
  return Array.from({ length: 16 }, (_, letter) => base32[Number((bits >> BigInt(75 - 5 * letter)) & 31n)]).join('');
}

export function digits(value: number, count: number): string {
  return `${'0'.repeat(count)}${value}`.slice(-count);
}

/** RFC 8785 for the events of the simulation: plain ASCII and whole numbers. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, held]) => `${JSON.stringify(name)}:${sortedJson(held)}`).join(',')}}`;
}
