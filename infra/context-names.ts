import { didYouMean } from '../shared/did-you-mean.ts';

/**
 * Every setting of Pressrun in CDK context (`-c name=value`, or cdk.json). This module does not import the CDK, which
 * is slow to load.
 */
export const contextNames = [
  'stage',
  'theme',
  'siteUrl',
  'domainName',
  'certificateArn',
  'purgeWindowSeconds',
  'purgeBudget',
  'lists',
  'slowSources',
  'articlesTable',
  'articlesStream',
  'canaryMinutes',
  'reconcileHours',
  'sources',
  'owns',
  'sweepMinutes',
  'dropBucket',
  'ingestConcurrency',
  'deliverConcurrency',
  'subscriptions',
  'narrate',
  'webAcl',
  'webAclRequests',
  'logDays',
  'archiveDays',
  'alarmEmail',
] as const;

export type ContextName = (typeof contextNames)[number];

/**
 * Context keys of the CDK itself: feature flags (`@aws-cdk/…`, `aws:cdk:…`, `cdk-…`) and cached look-ups
 * (`availability-zones:…`).
 */
const ofCdk = /^(?:@|cdk-)|:/;

/** Returns an error message if the name is not a setting, else undefined. */
export function contextIssue(name: string): string | undefined {
  if (ofCdk.test(name) || (contextNames as readonly string[]).includes(name)) return undefined;
  const proposal = didYouMean(name, contextNames);
  return `context ${name} is no setting${proposal || `: it must be one of ${contextNames.join(', ')}`}`;
}
