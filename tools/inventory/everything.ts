import type { ContextName } from '../../infra/context-names.ts';

const events = ['article.live'];

/** A subscription of each kind. */
export const subscriptions = {
  own: { events, queue: true },
  theirs: { events, queue: 'arn:aws:sqs:eu-west-1:123456789012:theirs' },
  code: { events, function: 'arn:aws:lambda:eu-west-1:123456789012:function:code' },
  hook: { events, webhook: 'https://search.example.com/' },
  address: { events, apiDestination: { url: 'https://search.example.com/', header: 'x-key' } },
  bus: { events, bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/theirs' },
};

/** Production with every optional setting. */
export const everything = {
  stage: 'prod',
  sources: JSON.stringify({ ghost: { url: 'https://blog.example.com' } }),
  slowSources: 'cms.ghost',
  subscriptions: JSON.stringify(subscriptions),
  webAcl: 'managed',
  narrate: '{"en":"Amy"}',
  dropBucket: 'managed',
  purgeBudget: '1000',
  alarmEmail: 'desk@example.com',
  lists: 'ttl',
  domainName: 'news.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f6d9c-6a4c-4f0e-9d1b-0c5b8f3a2e71',
} satisfies Partial<Record<ContextName, string>>;
