import { headlineOf, sectionsOf, standfirstOf, type Article, type Association } from '../../shared/article/article.ts';
import { altOf, captionOf, mediaOf, picturesOf, playableOf, renditionsOf } from '../../shared/article/media.ts';
import { bylineOf } from '../../shared/article/byline.ts';
import { accept } from '../../shared/article/accept.ts';
import { readableAt } from '../../shared/article/readable.ts';
import type { Warning } from '../../shared/article/warning.ts';
import { boundedIssues, type Issue } from '../../shared/field-schema.ts';
import { isObject } from '../../shared/cms/source-api.ts';
import type { Command as SourceCommand } from '../../shared/cms/command.ts';
import { readWebhook, type Source } from '../../shared/cms/source.ts';
import { busSourceOf, ownersOf, settingsOf, sourceNamed, type GivenSettings } from '../../shared/cms/sources.ts';
import { feedsOf, latest } from '../../shared/feed/placement.ts';
import { paragraphsOf } from './differences.ts';

/** The result for one story of a payload. */
export interface CheckedStory {
  readonly event: string;
  readonly uri: string;
  readonly path?: string | undefined;
  /** As readers see it once it is public; absent if the event is rejected or is about a hold. */
  readonly article?: Article;
  readonly isShown: boolean;
  readonly warnings: readonly Warning[];
  readonly issues: readonly Issue[];
}

export interface Checked {
  readonly stories: readonly CheckedStory[];
  /** Of the payload itself, before any story was found in it. */
  readonly issues: readonly Issue[];
  /** Why a payload in which no story was found may be no webhook at all. */
  readonly hint?: string;
}

/** The source's name for events that reach the bus without a webhook. */
export const bus = 'bus';

/** Validates a CMS's payload, or an event of the bus, as `ingest` and `store` would. Sends and stores nothing. */
export function check(name: string, payload: unknown, given: GivenSettings, now: number): Checked {
  const source = sourceNamed(name);
  const owners = ownersOf(given, {});
  const judged = ({ type, detail }: Pick<SourceCommand, 'type' | 'detail'>, busSource: string): CheckedStory =>
    storyOf(type, { ...detail, receivedAt: detail.receivedAt ?? now }, busSource, owners, now);
  if (!source) return { stories: [judged(eventIn(payload), 'check')], issues: [] };
  const reading = readWebhook(source, payload, settingsOf(source, given), { receivedAt: now, headers: {} });
  if ('issues' in reading) return { stories: [], issues: boundedIssues(reading.issues) };
  return {
    stories: reading.commands.map((command) => judged(command, busSourceOf(source))),
    issues: reading.unread ?? [],
    ...(reading.commands.length === 0 && hintAt(source, payload)),
  };
}

/** Returns a hint if a payload has none of the fields that both samples of its source have. */
function hintAt(source: Source, payload: unknown): Pick<Checked, 'hint'> {
  const [publish, end] = source.sample('1', new Date(0).toISOString()).map(({ body }) => (isObject(body) ? body : {}));
  const given = isObject(payload) ? payload : {};
  const fields = Object.keys(publish ?? {}).filter((name) => name in (end ?? {}));
  return fields.length === 0 || fields.some((name) => Object.hasOwn(given, name))
    ? {}
    : { hint: `It is no webhook of ${source.name}: these have ${fields.join(', ')}.` };
}

/** Returns an event of the bus: a whole one, or the detail of `article.published`. */
function eventIn(payload: unknown): Pick<SourceCommand, 'type' | 'detail'> {
  const { 'detail-type': type = 'article.published', detail = payload } = isObject(payload) ? payload : {};
  return { type, detail: isObject(detail) ? detail : {} } as Pick<SourceCommand, 'type' | 'detail'>;
}

function storyOf(
  event: string,
  detail: Readonly<Record<string, unknown>> & { readonly article?: { readonly uri?: unknown } },
  source: string,
  owners: Parameters<typeof accept>[2],
  now: number,
): CheckedStory {
  const time = new Date(now).toISOString();
  const accepted = accept(JSON.stringify({ id: 'check', source, time, 'detail-type': event, detail }), 'check', owners);
  const uri = typeof detail.article?.uri === 'string' ? detail.article.uri : '(no uri)';
  if (accepted.kind === 'rejected') return { event, uri, isShown: false, warnings: [], issues: accepted.errors };
  if (accepted.kind !== 'version') return { event, uri, isShown: false, warnings: [], issues: [] };
  const { status, content } = accepted.version;
  const { path, warnings = [] } = content;
  const { embargoedUntil } = content.article;
  const publicFrom = embargoedUntil === undefined ? now : Math.max(now, Date.parse(embargoedUntil));
  const { article } = readableAt(content.article, publicFrom);
  return { event, uri, path, article, isShown: status === 'usable', warnings, issues: [] };
}

/** The result as lines: the article as it would appear, its warnings and its issues. */
export function checkLines({ stories, issues, hint = '' }: Checked): string[] {
  if (stories.length === 0 && issues.length === 0)
    return ['It changes nothing for readers: the answer is 204.', hint].filter((line) => line !== '');
  return [
    ...issues.map(issueLine),
    ...stories.flatMap((story, index) => [
      ...(index > 0 ? [''] : []),
      `${story.event}  ${story.uri}`,
      ...(story.isShown && story.article ? articleLines(story.article, story.path) : []),
      ...story.warnings.map(({ path, message }) => `  warning    ${path || 'event'}: ${message}`),
      ...story.issues.map(issueLine),
    ]),
  ];
}

function issueLine({ path, message }: Issue): string {
  return `  rejected   ${path || 'payload'}: ${message}`;
}

function articleLines(article: Article, path: string | undefined): string[] {
  const list = (name: string, values: readonly (string | undefined)[]): string[] => {
    const said = values.filter((value) => value !== undefined && value !== '');
    return said.length === 0 ? [] : [`  ${name.padEnd(11)}${said.join(', ')}`];
  };
  const feeds = feedsOf(article).filter((feed) => feed !== latest && !feed.startsWith('section/'));
  return [
    ...list('path', [path ?? '(made of the headline)']),
    ...list('embargo', [article.embargoedUntil]),
    ...list('expires', [article.expires]),
    ...list('published', [article.firstPublished]),
    ...list('headline', [headlineOf(article)]),
    ...list('standfirst', [standfirstOf(article)]),
    ...list('by', [bylineOf(article)]),
    ...list('sections', sectionsOf(article)),
    ...list('feeds', feeds),
    ...[...picturesOf(article), ...mediaOf(article)].flatMap((item) => list(item.type ?? '', [itemText(item)])),
    '',
    ...paragraphsOf(article).map((paragraph) => `  ${paragraph}`),
    '',
  ];
}

function itemText(item: Association): string {
  const { href } = playableOf(item)[0] ?? renditionsOf(item).at(-1) ?? {};
  const [alt, caption] = [altOf(item), captionOf(item)];
  return [href, alt && `alt "${alt}"`, caption && `caption "${caption}"`, item.by && `credit ${item.by}`]
    .filter(Boolean)
    .join('  ');
}
