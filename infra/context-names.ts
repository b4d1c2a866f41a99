import { didYouMean } from '../shared/did-you-mean.ts';

/** Every setting of Pressrun that the CDK's context can hold (`-c name=value`, or in cdk.json). Free of CDK, which takes its time to load. */
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
  'tracesLayerArn',
  'tracesEndpoint',
  'reconcileHours',
  'sources',
  'owns',
  'sweepMinutes',
  'ingestConcurrency',
  'subscriptions',
  'narrate',
  'webAcl',
  'webAclRequests',
  'logDays',
  'archiveDays',
  'alarmEmail',
] as const;

export type ContextName = (typeof contextNames)[number];

/** Feature flags (`@aws-cdk/…`, `aws:cdk:…`, `cdk-…`) and what the CDK looked up (`availability-zones:…`): it keeps them beside an app's own settings. */
const ofCdk = /^(?:@|cdk-)|:/;

/** Why a name can't be in the context, for whoever gave it; `undefined` where it can. */
export function contextFault(name: string): string | undefined {
  if (ofCdk.test(name) || (contextNames as readonly string[]).includes(name)) return undefined;
  const proposal = didYouMean(name, contextNames);
  return `context ${name} is no setting${proposal || `: it must be one of ${contextNames.join(', ')}`}`;
}
