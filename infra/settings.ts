import { Duration } from 'aws-cdk-lib';
import type { Site } from './edge.ts';
import type { PressrunProps } from './pressrun-stack.ts';
import { stageNamed } from './stage.ts';

/** Looks a context key up; the CLI's `-c key=value` is always text, cdk.json's may be a number. */
export type Context = (key: string) => unknown;

/** What `-c` can say about a deployment, checked, so that a typing error is told at synthesis and not by CloudFormation. */
export function settingsFrom(context: Context): Omit<PressrunProps, 'env'> {
  const alarmEmail = textOf(context, 'alarmEmail');
  if (alarmEmail !== undefined && !/^[^@\s]+@[^@\s]+$/.test(alarmEmail)) {
    throw new Error(`context alarmEmail must be an e-mail address; got ${JSON.stringify(alarmEmail)}`);
  }
  return {
    stage: stageNamed(textOf(context, 'stage') ?? 'dev'),
    site: siteFrom(context),
    archiveFor: Duration.days(wholeOf(context, 'archiveDays', { least: 1, most: 3650, otherwise: 30 })),
    // 300 s is the longest that Lambda collects from SQS.
    purgeWindow: Duration.seconds(wholeOf(context, 'purgeWindowSeconds', { least: 0, most: 300, otherwise: 2 })),
    reconcileEvery: Duration.hours(wholeOf(context, 'reconcileHours', { least: 1, most: 24 * 31, otherwise: 24 })),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

function siteFrom(context: Context): Site {
  const name = textOf(context, 'siteName') ?? 'Pressrun';
  const domainName = textOf(context, 'domainName');
  const certificateArn = textOf(context, 'certificateArn');
  if ((domainName === undefined) !== (certificateArn === undefined)) {
    throw new Error('context domainName and certificateArn go together: CloudFront serves no domain without its certificate');
  }
  const url = originOf(context, 'siteUrl') ?? (domainName === undefined ? undefined : `https://${domainName}`);
  const timeZone = textOf(context, 'timeZone') ?? 'UTC';
  if (!isTimeZone(timeZone))
    throw new Error(`context timeZone must be a zone such as Europe/London (IANA); got ${JSON.stringify(timeZone)}`);
  const language = textOf(context, 'language') ?? 'en';
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language))
    throw new Error(`context language must be a tag such as en or pt-BR (BCP 47); got ${JSON.stringify(language)}`);
  return {
    name,
    timeZone,
    language,
    ...(url === undefined ? {} : { url }),
    ...(domainName === undefined || certificateArn === undefined ? {} : { domain: { name: domainName, certificateArn } }),
  };
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function textOf(context: Context, key: string): string | undefined {
  const value = context(key);
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new Error(`context ${key} must be text; got ${JSON.stringify(value)}`);
  }
  return value;
}

function wholeOf(context: Context, key: string, range: { readonly least: number; readonly most: number; readonly otherwise: number }): number {
  const value = context(key) ?? range.otherwise;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < range.least || number > range.most) {
    throw new Error(`context ${key} must be a whole number from ${range.least} to ${range.most}; got ${JSON.stringify(value)}`);
  }
  return number;
}

function originOf(context: Context, key: string): string | undefined {
  const value = textOf(context, key);
  if (value === undefined) {
    return undefined;
  }
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== value.replace(/\/$/, '')) {
    throw new Error(`context ${key} must be an origin such as https://www.example.com, without a path; got ${JSON.stringify(value)}`);
  }
  return url.origin;
}
