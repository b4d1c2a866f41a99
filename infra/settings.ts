import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { acceptTheme } from '../shared/theme-schema.ts';
import type { Theme } from '../shared/theme.ts';
import type { RestoredTable } from './articles.ts';
import type { Site } from './edge.ts';
import type { PressrunProps } from './pressrun-stack.ts';
import { contextFault } from './context-names.ts';
import type { ContextName } from './context-names.ts';
import { didYouMean } from '../shared/did-you-mean.ts';
import { stageNamed } from './stage.ts';
import { SettingRefused } from './stage-name.ts';
import { acceptSubscriptions } from '../shared/subscription.ts';
import type { GivenSubscriptions } from '../shared/subscription.ts';
import type { Lists } from '../shared/lists.ts';
import { pathsFor } from '../shared/purge-budget.ts';
import type { Owners } from '../shared/ownership.ts';
import type { SourceSettings } from '../shared/source.ts';
import { sourceNamed, sources } from '../shared/sources.ts';
import type { GivenSettings } from '../shared/sources.ts';
import type { Voice, Voices } from '../shared/speech.ts';

/** Looks a context key up; the CLI's `-c key=value` is always text, cdk.json's may be a number. */
type Context = (key: ContextName) => unknown;

/** What `-c` can say about a deployment, checked, so that a typing error is told at synthesis and not by CloudFormation. */
export function settingsFrom(given: Readonly<Record<string, unknown>>): Omit<PressrunProps, 'env'> {
  const faults = Object.keys(given).flatMap((name) => contextFault(name) ?? []);
  if (faults.length > 0) throw new SettingRefused(faults.join('\n'));
  const context: Context = (key) => given[key];
  const alarmEmail = textOf(context, 'alarmEmail');
  if (alarmEmail !== undefined && !/^[^@\s]+@[^@\s]+$/.test(alarmEmail)) {
    throw new SettingRefused(`context alarmEmail must be an e-mail address; got ${JSON.stringify(alarmEmail)}`);
  }
  const stage = stageNamed(textOf(context, 'stage') ?? 'dev', logDaysFrom(context));
  const purgeBudget = purgeBudgetFrom(context);
  const restoredArticles = restoredArticlesFrom(context);
  const voices = voicesFrom(context);
  const ingestConcurrency = wholeOf(context, 'ingestConcurrency', { least: 0, most: 1000, otherwise: 50 });
  return {
    stage,
    site: siteFrom(context),
    archiveFor: Duration.days(wholeOf(context, 'archiveDays', { least: 1, most: 3650, otherwise: 30 })),
    // 300 s is the longest that Lambda collects from SQS.
    purgeWindow: Duration.seconds(wholeOf(context, 'purgeWindowSeconds', { least: 0, most: 300, otherwise: 2 })),
    ...(purgeBudget === undefined ? {} : { purgeBudget }),
    lists: listsFrom(context),
    ...(restoredArticles === undefined ? {} : { restoredArticles }),
    slowSources: slowSourcesFrom(context),
    reconcileEvery: Duration.hours(wholeOf(context, 'reconcileHours', { least: 1, most: 24 * 31, otherwise: 24 })),
    sources: sourcesFrom(context),
    owns: ownsFrom(context),
    subscriptions: subscriptionsFrom(context),
    ...(ingestConcurrency === 0 ? {} : { ingestConcurrency }),
    sweepEvery: Duration.minutes(wholeOf(context, 'sweepMinutes', { least: 1, most: 1440, otherwise: 5 })),
    // Each canary is one path purged: ten minutes are up to 4,320 a month, an hour 720, of which CloudFront gives 1,000.
    canaryAfter: Duration.minutes(wholeOf(context, 'canaryMinutes', { least: 0, most: 1440, otherwise: stage.keepsData ? 10 : 60 })),
    ...(voices === undefined ? {} : { voices }),
    ...tracesFrom(context),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

/** Paths a month, or dollars where it says so. */
function purgeBudgetFrom(context: Context): number | undefined {
  const given = context('purgeBudget');
  if (given === undefined || given === null) return undefined;
  const [, dollar, amount] = /^(\$?)([1-9]\d{0,8})$/.exec(typeof given === 'number' || typeof given === 'string' ? `${given}` : '') ?? [];
  if (amount === undefined) {
    throw new SettingRefused(`context purgeBudget must be paths a month, such as 40000, or dollars, such as $200; got ${JSON.stringify(given)}`);
  }
  return dollar === '$' ? pathsFor(Number(amount)) : Number(amount);
}

function restoredArticlesFrom(context: Context): RestoredTable | undefined {
  const name = textOf(context, 'articlesTable');
  const streamArn = textOf(context, 'articlesStream');
  if (name === undefined && streamArn === undefined) return undefined;
  if (name === undefined || streamArn === undefined || !streamArn.includes(`:table/${name}/stream/`)) {
    throw new SettingRefused(`context articlesTable and articlesStream go together: a restored table, and the LatestStreamArn of that very table; got ${JSON.stringify(streamArn)}`);
  }
  return { name, streamArn };
}

/** With commas between, as text from the command line; or as a list in cdk.json. */
function slowSourcesFrom(context: Context): string[] {
  const given = context('slowSources') ?? [];
  const names = typeof given === 'string' ? given.split(',').filter((name) => name !== '') : given;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && /^[\w./-]{1,256}$/.test(name) && name !== 'pressrun')) {
    throw new SettingRefused(`context slowSources must be sources on the bus with commas between, such as cms.ghost,cms.strapi; got ${JSON.stringify(given)}`);
  }
  return names as string[];
}

function listsFrom(context: Context): Lists {
  const given = textOf(context, 'lists') ?? 'purged';
  if (given !== 'purged' && given !== 'ttl') throw new SettingRefused(`context lists must be purged or ttl; got ${JSON.stringify(given)}`);
  return given;
}

/** Those that Polly makes (its `Engine`); every one of its languages has a neural or a standard voice. */
const ENGINES = ['standard', 'neural', 'long-form', 'generative'];

/** JSON by language, as text from the command line or as it stands in cdk.json. */
function voicesFrom(context: Context): Voices | undefined {
  const given = context('narrate');
  if (given === undefined || given === null || given === '') return undefined;
  const read: unknown = typeof given === 'string' ? jsonIn(given) : given;
  if (typeof read !== 'object' || read === null || Array.isArray(read) || Object.keys(read).length === 0) {
    throw new SettingRefused('context narrate must be a JSON object of voices by language, such as {"en":"Amy","de":{"voice":"Vicki","engine":"standard"}}');
  }
  return Object.fromEntries(Object.entries(read).map(([language, said]: [string, unknown]) => [language, voiceFrom(language, said)]));
}

function voiceFrom(language: string, said: unknown): Voice {
  const { voice: name, engine = 'neural', ...others }: Record<string, unknown> = typeof said === 'object' && said !== null ? { ...said } : { voice: said };
  const [other] = Object.keys(others);
  if (other !== undefined) throw new SettingRefused(`context narrate.${language}.${other} is no field of a voice: voice, engine${didYouMean(other, ['voice', 'engine'])}`);
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) throw new SettingRefused(`context narrate.${language} must be a language, such as en or pt-BR (BCP 47)`);
  if (typeof name !== 'string' || !/^[A-Z][A-Za-z]+$/.test(name)) throw new SettingRefused(`context narrate.${language} must be a voice of Amazon Polly, such as Amy`);
  if (typeof engine !== 'string' || !ENGINES.includes(engine)) throw new SettingRefused(`context narrate.${language}.engine must be one of ${ENGINES.join(', ')}`);
  return { name, engine };
}

const OWN_THEME = fileURLToPath(new URL('theme.json', import.meta.url));

const NAMES = ['site', 'url', 'collection', 'collectionPlural', 'path'] as const;

/** JSON by source, as text from the command line or as it stands in cdk.json. */
function sourcesFrom(context: Context): GivenSettings {
  const given = context('sources') ?? {};
  const fail = (where: string, expected: string): never => {
    throw new SettingRefused(`context ${where} must be ${expected}`);
  };
  const record = (value: unknown, where: string): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : fail(where, 'a JSON object');
  const text = (value: unknown, where: string): string => (typeof value === 'string' ? value : fail(where, 'text'));
  const read = new Map<string, Partial<SourceSettings>>();
  for (const [name, said] of Object.entries(record(typeof given === 'string' ? jsonIn(given) : given, 'sources'))) {
    const source = sourceNamed(name) ?? fail(`sources.${name}`, oneOf(name, sources.map((each) => each.name)));
    const { fields, ...rest } = record(said, `sources.${name}`);
    for (const key of Object.keys(rest)) if (!(NAMES as readonly string[]).includes(key)) fail(`sources.${name}.${key}`, oneOf(key, [...NAMES, 'fields']));
    const { site, url } = rest;
    if (site !== undefined && !/^[a-z0-9.-]{1,60}$/.test(text(site, `sources.${name}.site`))) fail(`sources.${name}.site`, 'lower-case letters, digits, dots and hyphens: it is part of every uri');
    if (url !== undefined && !/^https?:\/\/[^/?#]+(?:\/[^/?#]+)*$/.test(text(url, `sources.${name}.url`))) fail(`sources.${name}.url`, 'an address such as https://cms.example.com, without a slash at its end');
    read.set(name, {
      ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, text(value, `sources.${name}.${key}`)])),
      ...(fields !== undefined && {
        fields: Object.fromEntries(
          Object.entries(record(fields, `sources.${name}.fields`)).map(([key, value]) => {
            const where = `sources.${name}.fields.${key}`;
            const known = Object.keys(source.defaults.fields);
            if (known.length === 0) fail(where, `left out: ${name} has no field that can be named otherwise`);
            if (!known.includes(key)) fail(where, oneOf(key, known));
            return [key, text(value, where)];
          }),
        ),
      }),
    });
  }
  return Object.fromEntries(read);
}

function oneOf(given: string, names: readonly string[]): string {
  return `one of ${names.join(', ')}${didYouMean(given, names)}`;
}

/** All variables of a function have 4 KB together. */
const mostOwnsBytes = 1500;

/** JSON by source of the bus, as text from the command line or as it stands in cdk.json. */
function ownsFrom(context: Context): Owners {
  const given = context('owns') ?? {};
  const read: unknown = typeof given === 'string' ? jsonIn(given) : given;
  const expected = 'a JSON object of uri prefixes by source of the bus, such as {"my-newsroom":["urn:my-newsroom:"]}';
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new SettingRefused(`context owns must be ${expected}`);
  for (const [source, prefixes] of Object.entries(read) as [string, unknown][]) {
    if (!/^[\w./-]{1,256}$/.test(source) || /^(?:pressrun|aws)(?:$|[.-])/.test(source))
      throw new SettingRefused(`context owns.${source} must be a source on the bus, not one of Pressrun's or AWS's`);
    if (!Array.isArray(prefixes) || prefixes.length === 0 || !prefixes.every((prefix) => typeof prefix === 'string' && /^[^\s\p{Cc}]{1,255}$/u.test(prefix)))
      throw new SettingRefused(`context owns.${source} must be a list of uri prefixes without spaces, such as ["urn:my-newsroom:"]`);
  }
  if (Buffer.byteLength(JSON.stringify(read)) > mostOwnsBytes) throw new SettingRefused(`context owns must be at most ${mostOwnsBytes} bytes of JSON`);
  return read as Owners;
}

/** JSON by name, as text from the command line or as it stands in cdk.json. */
function tracesFrom(context: Context): Pick<PressrunProps, 'traces'> {
  const layerArn = textOf(context, 'tracesLayerArn');
  const endpoint = originOf(context, 'tracesEndpoint');
  if ((layerArn === undefined) !== (endpoint === undefined)) {
    throw new SettingRefused('context tracesLayerArn and tracesEndpoint go together: a layer that makes traces, and where it sends them');
  }
  if (layerArn === undefined || endpoint === undefined) return {};
  if (!/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/.test(layerArn)) {
    throw new SettingRefused(`context tracesLayerArn must be the ARN of a layer with its version; got ${JSON.stringify(layerArn)}`);
  }
  return { traces: { layerArn, endpoint } };
}

function subscriptionsFrom(context: Context): GivenSubscriptions {
  const given = context('subscriptions') ?? {};
  const accepted = acceptSubscriptions(typeof given === 'string' ? (jsonIn(given) ?? given) : given);
  if ('subscriptions' in accepted) return accepted.subscriptions;
  throw new SettingRefused(accepted.faults.map(({ path, message }) => `context ${['subscriptions', path].filter(Boolean).join('.')} ${message}`).join('\n'));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** CloudWatch takes no others. */
function logDaysFrom(context: Context): RetentionDays | undefined {
  if (context('logDays') === undefined) return undefined;
  const days = wholeOf(context, 'logDays', { least: 1, most: 3653, otherwise: 7 });
  const taken = Object.values(RetentionDays).filter((each) => typeof each !== 'string' && each !== RetentionDays.INFINITE);
  const found = taken.find((each) => each.toString() === days.toString());
  if (found === undefined) throw new SettingRefused(`context logDays must be one of ${taken.join(', ')}; got ${days}`);
  return found;
}

function webAclFrom(context: Context): Pick<Site, 'webAcl'> {
  const webAcl = textOf(context, 'webAcl');
  // WAF's own bounds.
  const mostRequests = wholeOf(context, 'webAclRequests', { least: 10, most: 2_000_000_000, otherwise: 2000 });
  if (webAcl === undefined) return {};
  if (webAcl === 'managed') return { webAcl: { mostRequests } };
  if (!/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\//.test(webAcl)) {
    throw new SettingRefused(`context webAcl must be "managed", or the ARN of a web ACL for CloudFront, arn:aws:wafv2:us-east-1:…:global/webacl/…; got ${JSON.stringify(webAcl)}`);
  }
  return { webAcl: { arn: webAcl } };
}

function siteFrom(context: Context): Site {
  const domainName = textOf(context, 'domainName');
  const certificateArn = textOf(context, 'certificateArn');
  if ((domainName === undefined) !== (certificateArn === undefined)) {
    throw new SettingRefused('context domainName and certificateArn go together: CloudFront serves no domain without its certificate');
  }
  const url = originOf(context, 'siteUrl') ?? (domainName === undefined ? undefined : `https://${domainName}`);
  const file = textOf(context, 'theme') ?? OWN_THEME;
  const theme = themeFrom(file);
  if (theme.hub !== undefined && url === undefined) {
    throw new SettingRefused(`theme ${file}: hub needs context siteUrl (or domainName): a hub is told of feeds by their absolute addresses`);
  }
  return {
    theme,
    ...webAclFrom(context),
    ...(url === undefined ? {} : { url }),
    ...(domainName === undefined || certificateArn === undefined ? {} : { domain: { name: domainName, certificateArn } }),
  };
}

/** A path is taken from where the command was given. */
function themeFrom(file: string): Theme {
  const accepted = acceptTheme(jsonOfFile(file));
  if ('faults' in accepted) throw new SettingRefused(`theme ${file}:${accepted.faults.map((fault) => `\n  ${fault}`).join('')}`);
  return accepted.theme;
}

function jsonOfFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingRefused(`context theme must be a file of JSON; ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function textOf(context: Context, key: ContextName): string | undefined {
  const value = context(key);
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new SettingRefused(`context ${key} must be text; got ${JSON.stringify(value)}`);
  }
  return value;
}

function wholeOf(context: Context, key: ContextName, range: { readonly least: number; readonly most: number; readonly otherwise: number }): number {
  const value = context(key) ?? range.otherwise;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < range.least || number > range.most) {
    throw new SettingRefused(`context ${key} must be a whole number from ${range.least} to ${range.most}; got ${JSON.stringify(value)}`);
  }
  return number;
}

function originOf(context: Context, key: ContextName): string | undefined {
  const value = textOf(context, key);
  if (value === undefined) {
    return undefined;
  }
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== value.replace(/\/$/, '')) {
    throw new SettingRefused(`context ${key} must be an origin such as https://www.example.com, without a path; got ${JSON.stringify(value)}`);
  }
  return url.origin;
}
