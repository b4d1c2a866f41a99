/** Contexts of templates that several tests share, so that each is synthesised once. */
import type { ContextName } from '../../infra/context-names.ts';
import { everything, subscriptions } from '../../tools/inventory/everything.ts';

export { everything };

/** Every number at its lower and at its upper bound, and names at their longest. A test compares it with the schemas. */
export const numbers = {
  purgeWindowSeconds: [0, 60],
  canaryMinutes: [0, 956],
  reconcileHours: [1, 744],
  sweepMinutes: [1, 1440],
  ingestConcurrency: [0, 1000],
  deliverConcurrency: [0, 10_000],
  webAclRequests: [10, 2_000_000_000],
  logDays: [1, 3653],
  archiveDays: [1, 3650],
} satisfies Partial<Record<ContextName, readonly [number, number]>>;

const atBound = (index: 0 | 1): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).map(([name, bounds]) => [name, bounds[index]]));

export const least = { ...everything, ...atBound(0), stage: 'a', purgeBudget: '1' };
export const most = {
  ...everything,
  ...atBound(1),
  stage: 'a'.repeat(20),
  purgeBudget: '999999999',
  subscriptions: JSON.stringify(
    Object.fromEntries(Object.entries(subscriptions).map(([name, given]) => [name.padEnd(28, 'x'), given])),
  ),
};
