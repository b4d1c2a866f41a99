/** Contexts of templates that several tests share, so that each is synthesised once. */
import type { ContextName } from '../../infra/context-names.ts';

const events = ['article.live'];
const subscriptions = {
  own: { events, queue: true },
  theirs: { events, queue: 'arn:aws:sqs:eu-west-1:123456789012:theirs' },
  code: { events, function: 'arn:aws:lambda:eu-west-1:123456789012:function:code' },
  hook: { events, webhook: 'https://search.example.com/' },
  address: { events, apiDestination: { url: 'https://search.example.com/', header: 'x-key' } },
  bus: { events, bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/theirs' },
};
const domain = {
  domainName: 'news.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f6d9c-6a4c-4f0e-9d1b-0c5b8f3a2e71',
};

/** Production with every optional setting. */
export const everything = {
  stage: 'prod',
  sources: JSON.stringify({ ghost: { url: 'https://blog.example.com' } }),
  slowSources: 'cms.ghost',
  subscriptions: JSON.stringify(subscriptions),
  webAcl: 'managed',
  narrate: '{"en":"Amy"}',
  purgeBudget: '1000',
  alarmEmail: 'desk@example.com',
  lists: 'ttl',
  ...domain,
} satisfies Partial<Record<ContextName, string>>;

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
