import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { didYouMean, strictObjectOf } from '../shared/did-you-mean.ts';
import type { Lists } from '../shared/feed/lists.ts';
import { pathsFor } from '../shared/purge/purge-budget.ts';
import { sources, type GivenSettings } from '../shared/cms/sources.ts';
import { acceptSubscriptions, type GivenSubscriptions } from '../shared/events/subscription.ts';
import { acceptTheme } from '../shared/site/theme-schema.ts';
import type { Theme } from '../shared/site/theme.ts';
import { contextIssue, type ContextName } from './context-names.ts';
import type { PressrunProps } from './pressrun-stack.ts';
import { LONGEST_CANARY_MINUTES } from './silence.ts';
import { InvalidSetting } from './stage-name.ts';
import { stageNamed } from './stage.ts';
import { parsedJson } from '../shared/json.ts';

/** Returns the message for a value that is not allowed. */
const got =
  (expected: string) =>
  ({ input }: { readonly input: unknown }): string =>
    `must be ${expected}; got ${JSON.stringify(input)}`;

const isNothing = (given: unknown): boolean => given === undefined || given === null || given === '';

/** Returns the schema of a setting that may be omitted or empty. */
const optional = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((given) => (isNothing(given) ? undefined : given)),
      v.optional(schema),
    ),
  );

const text = v.string(got('text'));

const textLike = (pattern: RegExp, expected: string) => optional(v.pipe(text, v.regex(pattern, got(expected))));

/** Returns the schema of an integer: a string from the command line, or a number in cdk.json. */
const whole = (least: number, most: number) =>
  v.pipe(
    v.unknown(),
    v.check((given) => isWhole(given, least, most), got(`a whole number from ${least} to ${most}`)),
    v.transform(Number),
  );

function isWhole(given: unknown, least: number, most: number): boolean {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
}

const origin = optional(
  v.pipe(
    text,
    v.check(isOrigin, got('an origin such as https://www.example.com, without a path')),
    v.transform((url) => new URL(url).origin),
  ),
);

function isOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === value.replace(/\/$/, '');
}

/** JSON: a string from the command line, or a value in cdk.json. The value is null if the string is not JSON. */
const json = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === 'string' ? (parsedJson(given) ?? null) : given)),
);

/** Returns the schema of an object that rejects unknown names. */
function namesAmong<const Entries extends v.ObjectEntries>(entries: Entries, none?: string) {
  const names = Object.keys(entries);
  return v.strictObject(entries, ({ expected, path }) => {
    if (expected !== 'never') return 'must be a JSON object';
    return names.length === 0 && none !== undefined
      ? none
      : `must be one of ${names.join(', ')}${didYouMean(String(path?.[0].key), names)}`;
  });
}

const budget = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform(String),
  v.regex(/^\$?[1-9]\d{0,8}$/),
  v.transform((amount) => (amount.startsWith('$') ? pathsFor(Number(amount.slice(1))) : Number(amount))),
);

/** A list: comma-separated from the command line, or an array in cdk.json. */
const slowSources = v.pipe(
  v.unknown(),
  v.check(
    (given) =>
      namesIn(given)?.every(
        (name) => typeof name === 'string' && /^[\w./-]{1,256}$/.test(name) && name !== 'pressrun',
      ) ?? false,
    got('sources on the bus with commas between, such as cms.ghost,cms.strapi'),
  ),
  v.transform((given) => (namesIn(given) ?? []) as string[]),
);

function namesIn(given: unknown): readonly unknown[] | undefined {
  if (typeof given === 'string') return given.split(',').filter((name) => name !== '');
  return Array.isArray(given) ? given : undefined;
}

/** Polly's engines. Every language of Polly has a neural or a standard voice. */
const engines = ['standard', 'neural', 'long-form', 'generative'] as const;
const voiceName = v.pipe(
  v.string('must be a voice of Amazon Polly, such as Amy'),
  v.regex(/^[A-Z][A-Za-z]+$/, 'must be a voice of Amazon Polly, such as Amy'),
);
const voice = v.lazy((said) =>
  typeof said === 'object'
    ? v.pipe(
        strictObjectOf(
          {
            voice: voiceName,
            engine: v.optional(v.picklist(engines, `must be one of ${engines.join(', ')}`), 'neural'),
          },
          'a voice',
        ),
        v.transform(({ voice: name, engine }) => ({ name, engine: engine })),
      )
    : v.pipe(
        voiceName,
        v.transform((name) => ({ name, engine: 'neural' })),
      ),
);
const voicesExpected =
  'must be a JSON object of voices by language, such as {"en":"Amy","de":{"voice":"Vicki","engine":"standard"}}';
const voices = v.pipe(
  json,
  v.record(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language, such as en or pt-BR (BCP 47)'),
    ),
    voice,
    voicesExpected,
  ),
  v.check((given) => Object.keys(given).length > 0, voicesExpected),
);

const site = v.pipe(
  v.string('must be text'),
  v.regex(/^[a-z0-9.-]{1,60}$/, 'must be lower-case letters, digits, dots and hyphens: it is part of every uri'),
);
const address = v.pipe(
  v.string('must be text'),
  v.regex(
    /^https?:\/\/[^/?#]+(?:\/[^/?#]+)*$/,
    'must be an address such as https://cms.example.com, without a slash at its end',
  ),
);
const word = v.exactOptional(v.string('must be text'));
const sectionsExpected = 'must be a JSON object of section paths by category, such as {"s":"sport"}';
const sectionPaths = v.pipe(
  v.unknown(),
  v.check((given) => !Array.isArray(given), sectionsExpected),
  v.record(
    v.string(),
    v.pipe(
      v.string('must be a section path, such as news/world'),
      v.regex(
        /^(?:[a-z0-9-]+(?:\/[a-z0-9-]+)*)?$/,
        'must be a section path, such as news/world, or empty for no section',
      ),
    ),
    sectionsExpected,
  ),
);
const feedsExpected =
  'must be a JSON object of section paths by feed address, such as {"https://blog.example.com/feed/":"opinion"}';
const feeds = v.pipe(
  sectionPaths,
  v.check(
    (given) => Object.keys(given).every((url) => /^https?:\/\/\S+$/.test(url) && URL.canParse(url)),
    feedsExpected,
  ),
);
const localesExpected = 'must be a JSON list of languages as the CMS codes them, such as ["en-GB","fr"]';
const locales = v.pipe(
  v.array(
    v.pipe(v.string(localesExpected), v.regex(/^[a-z]{2,8}(?:-[\da-z]{1,8}){0,4}$/i, localesExpected)),
    localesExpected,
  ),
  v.maxLength(50, 'must be at most 50 languages'),
);
const populateExpected = 'must be a JSON list of fields of the content type, such as ["body","tags"]';
const populate = v.pipe(
  v.array(v.pipe(v.string(populateExpected), v.regex(/^\w{1,100}$/, populateExpected)), populateExpected),
  v.maxLength(50, 'must be at most 50 fields'),
);
const givenSources = v.pipe(
  json,
  namesAmong(
    Object.fromEntries(
      sources.map(({ name, defaults }) => {
        const fields = namesAmong(
          Object.fromEntries(Object.keys(defaults.fields).map((field) => [field, word])),
          `must be left out: ${name} has no field that can be named otherwise`,
        );
        return [
          name,
          v.exactOptional(
            namesAmong({
              site: v.exactOptional(site),
              url: v.exactOptional(address),
              collection: word,
              collectionPlural: word,
              path: word,
              fields: v.exactOptional(fields),
              sections: v.exactOptional(sectionPaths),
              locales: v.exactOptional(locales),
              populate: v.exactOptional(populate),
              feeds: v.exactOptional(feeds),
            }),
          ),
        ];
      }),
    ),
  ),
  v.transform((given) => given as GivenSettings),
);

const prefixes = v.custom<readonly string[]>(
  (given) =>
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((prefix) => typeof prefix === 'string' && /^[^\s\p{Cc}]{1,255}$/u.test(prefix)),
  'must be a list of uri prefixes without spaces, such as ["urn:my-newsroom:"]',
);
const owner = v.pipe(
  v.string(),
  v.check(
    (source) => /^[\w./-]{1,256}$/.test(source) && !/^(?:pressrun|aws)(?:$|[.-])/.test(source),
    "must be a source on the bus, not one of Pressrun's or AWS's",
  ),
);
const owns = v.pipe(
  json,
  v.record(
    owner,
    prefixes,
    'must be a JSON object of uri prefixes by source of the bus, such as {"my-newsroom":["urn:my-newsroom:"]}',
  ),
);

/** The retentions that CloudWatch Logs supports. */
const retentions = Object.values(RetentionDays).filter(
  (each): each is RetentionDays => typeof each !== 'string' && each !== RetentionDays.INFINITE,
);
const logDays = v.pipe(whole(1, 3653), v.picklist(retentions, got(`one of ${retentions.join(', ')}`)));

/** The schema of each setting. Numbers may be strings, because `-c key=value` gives strings. */
export const settingSchemas = {
  stage: optional(text),
  theme: optional(text),
  siteUrl: origin,
  domainName: optional(text),
  certificateArn: textLike(
    /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\//,
    'the ARN of a certificate in us-east-1, since CloudFront takes no other',
  ),
  // Pages expire by themselves after 90 s, so a longer window would pay for purges without effect.
  purgeWindowSeconds: v.nullish(whole(0, 60), 2),
  /** A number of paths a month, or an amount in US dollars. */
  purgeBudget: v.nullish(
    v.pipe(
      v.unknown(),
      v.check((given) => v.is(budget, given), got('paths a month, such as 40000, or dollars, such as $200')),
      budget,
    ),
  ),
  lists: optional(v.picklist(['purged', 'ttl'] satisfies Lists[], got('purged or ttl'))),
  slowSources: v.nullish(slowSources, []),
  articlesTable: optional(text),
  articlesStream: optional(text),
  canaryMinutes: v.nullish(whole(0, LONGEST_CANARY_MINUTES)),
  reconcileHours: v.nullish(whole(1, 24 * 31), 24),
  sources: v.nullish(givenSources, {}),
  owns: v.nullish(owns, {}),
  sweepMinutes: v.nullish(whole(1, 1440), 5),
  // Rules of S3 for names of buckets.
  dropBucket: textLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, '"managed", or the name of a bucket'),
  ingestConcurrency: v.nullish(whole(0, 1000), 50),
  deliverConcurrency: v.nullish(whole(0, 10_000)),
  subscriptions: v.nullish(v.unknown(), {}),
  narrate: optional(voices),
  webAcl: textLike(
    /^managed$|^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\//,
    '"managed", or the ARN of a web ACL for CloudFront, arn:aws:wafv2:us-east-1:…:global/webacl/…',
  ),
  // Bounds of AWS WAF.
  webAclRequests: v.nullish(whole(10, 2_000_000_000), 2000),
  logDays: v.nullish(logDays),
  archiveDays: v.nullish(whole(1, 3650), 30),
  alarmEmail: textLike(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
} satisfies Record<ContextName, v.GenericSchema>;

const schema = v.object(settingSchemas);
type Settings = v.InferOutput<typeof schema>;

/**
 * Reads and validates the settings of a deployment, so that a typing error fails at synthesis instead of in
 * CloudFormation. Throws InvalidSetting.
 */
export function settingsFrom(given: Readonly<Partial<Record<ContextName, unknown>>>): Omit<PressrunProps, 'env'> {
  const unknown = Object.keys(given).flatMap((name) => contextIssue(name) ?? []);
  if (unknown.length > 0) throw new InvalidSetting(unknown.join('\n'));
  const read = v.safeParse(schema, given);
  if (!read.success) throw new InvalidSetting(read.issues.map(messageOf).join('\n'));
  const settings = read.output;
  const { purgeBudget, dropBucket, ingestConcurrency, narrate, alarmEmail } = settings;
  const stage = stageNamed(settings.stage ?? 'dev', settings.logDays ?? undefined);
  const deliverConcurrency = settings.deliverConcurrency ?? (stage.keepsData ? 200 : 0);
  return {
    stage,
    site: siteOf(settings),
    archiveFor: Duration.days(settings.archiveDays),
    purgeWindow: Duration.seconds(settings.purgeWindowSeconds),
    ...(typeof purgeBudget === 'number' && { purgeBudget }),
    lists: settings.lists ?? 'purged',
    ...restoredArticlesOf(settings),
    slowSources: settings.slowSources,
    reconcileEvery: Duration.hours(settings.reconcileHours),
    sources: settings.sources,
    owns: settings.owns,
    subscriptions: subscriptionsOf(settings),
    ...(dropBucket !== undefined && { dropBucket }),
    ...(ingestConcurrency > 0 && { ingestConcurrency }),
    ...(deliverConcurrency > 0 && { deliverConcurrency }),
    sweepEvery: Duration.minutes(settings.sweepMinutes),
    // Each canary invalidates one path: every ten minutes is up to 4,320 a month, every hour 720. CloudFront's free
    // tier is 1,000.
    canaryAfter: Duration.minutes(settings.canaryMinutes ?? (stage.keepsData ? 10 : 60)),
    ...(narrate && { voices: narrate }),
    ...(alarmEmail !== undefined && { alarmEmail }),
  };
}

function messageOf({ path, received, message }: v.BaseIssue<unknown>): string {
  return `context ${path?.map(({ key }) => String(key)).join('.') ?? ''} ${received === 'undefined' ? 'is missing' : message}`;
}

function restoredArticlesOf({
  articlesTable: name,
  articlesStream: streamArn,
}: Settings): Pick<PressrunProps, 'restoredArticles'> {
  if (name === undefined && streamArn === undefined) return {};
  if (name === undefined || streamArn === undefined || !streamArn.includes(`:table/${name}/stream/`)) {
    throw new InvalidSetting(
      `context articlesTable and articlesStream go together: a restored table, and the LatestStreamArn of that very table; got ${JSON.stringify(streamArn)}`,
    );
  }
  return { restoredArticles: { name, streamArn } };
}

function subscriptionsOf({ subscriptions: given }: Settings): GivenSubscriptions {
  const accepted = acceptSubscriptions(typeof given === 'string' ? (parsedJson(given) ?? given) : given);
  if ('subscriptions' in accepted) return accepted.subscriptions;
  throw new InvalidSetting(
    accepted.issues
      .map(({ path, message }) => `context ${['subscriptions', path].filter(Boolean).join('.')} ${message}`)
      .join('\n'),
  );
}

const ownTheme = fileURLToPath(new URL('theme.json', import.meta.url));

function siteOf({
  domainName,
  certificateArn,
  siteUrl,
  theme: file = ownTheme,
  webAcl,
  webAclRequests,
}: Settings): PressrunProps['site'] {
  if ((domainName === undefined) !== (certificateArn === undefined)) {
    throw new InvalidSetting(
      'context domainName and certificateArn go together: CloudFront serves no domain without its certificate',
    );
  }
  const url = siteUrl ?? (domainName === undefined ? undefined : `https://${domainName}`);
  const theme = themeIn(file);
  if (theme.hub !== undefined && url === undefined) {
    throw new InvalidSetting(
      `theme ${file}: hub needs context siteUrl (or domainName): a hub receives the absolute addresses of feeds`,
    );
  }
  return {
    theme,
    ...(webAcl !== undefined && { webAcl: webAcl === 'managed' ? { maxRequests: webAclRequests } : { arn: webAcl } }),
    ...(url !== undefined && { url }),
    ...(domainName !== undefined && certificateArn !== undefined && { domain: { name: domainName, certificateArn } }),
  };
}

/** Returns the theme in a file. The path is relative to the directory of the command. */
function themeIn(file: string): Theme {
  const accepted = acceptTheme(jsonOfFile(file));
  if ('issues' in accepted)
    throw new InvalidSetting(`theme ${file}:${accepted.issues.map((issue) => `\n  ${issue}`).join('')}`);
  return accepted.theme;
}

function jsonOfFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidSetting(
      `context theme must be a file of JSON; ${file}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
