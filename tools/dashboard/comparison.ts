import { html } from 'hono/html';
import { differencesBetween, wordsOf, type Difference, type Words } from '../cli/differences.ts';
import { differencesOfFront, frontHistoryOf, frontNamed } from '../cli/fronts.ts';
import { historyOf, versionIn } from '../cli/history.ts';
import type { Connection } from '../cli/connection.ts';
import type { Markup } from './markup.ts';

/** Two versions of a story or front by their numbers in its history, and their differences. */
export interface Comparison {
  readonly versions: number;
  readonly older: string;
  readonly newer: string;
  readonly differences: readonly Difference[];
}

/**
 * Compares two versions; by default the last two. Undefined if there are fewer than two. @throws {WrongUse} A version
 * is not known.
 */
export async function comparisonOf(
  connection: Pick<Connection, 'articles' | 'fronts' | 'publishTraces'>,
  uri: string,
  versions: number,
  asked: { readonly older?: string | undefined; readonly newer?: string | undefined },
): Promise<Comparison | undefined> {
  if (versions < 2) return undefined;
  const { older = String(versions - 1), newer = String(versions) } = asked;
  const front = frontNamed(uri);
  if (front !== undefined) {
    const history = await frontHistoryOf(connection, front);
    const [before, after] = [versionIn(history, older), versionIn(history, newer)];
    return { versions, older, newer, differences: differencesOfFront(before.content.front, after.content.front) };
  }
  const history = await historyOf(connection.articles, uri);
  const [before, after] = [versionIn(history, older), versionIn(history, newer)];
  return { versions, older, newer, differences: differencesBetween(before.content.article, after.content.article) };
}

export function comparisonMarkup(uri: string, { versions, older, newer, differences }: Comparison): Markup {
  return html`<section id="compare"><h2>Compare two versions</h2>
<form action="/_desk#compare" class="filter"><input type="hidden" name="uri" value="${uri}">
${versionChoice('older', older, versions)}${versionChoice('newer', newer, versions)}<button>Compare</button></form>
${differences.length === 0 ? html`<p class="quiet">Readers would see no difference.</p>` : html`<div class="sides head"><b>version ${older}</b><b>version ${newer}</b></div>`}
${differences.map(({ field, before, after }, index) => html`${field === differences[index - 1]?.field ? '' : html`<h3>${field}</h3>`}<div class="sides">${sideMarkup(before, after, 'removed', older)}${sideMarkup(before, after, 'added', newer)}</div>`)}</section>`;
}

function versionChoice(name: 'older' | 'newer', chosen: string, versions: number): Markup {
  const numbers = Array.from({ length: versions }, (_, index) => String(index + 1));
  return html`<label>${name} <select name="${name}">${numbers.map((number) => (number === chosen ? html`<option selected>${number}</option>` : html`<option>${number}</option>`))}</select></label>`;
}

function sideMarkup(
  before: string | undefined,
  after: string | undefined,
  kind: 'removed' | 'added',
  version: string,
): Markup {
  const own = kind === 'removed' ? before : after;
  if (own === undefined) return html`<p class="side quiet">not in version ${version}</p>`;
  return html`<p class="side">${wordsOf(before ?? '', after ?? '').map((words) => wordsMarkup(words, kind))}</p>`;
}

/** The words of one side: unchanged ones, and those that only this side has. */
function wordsMarkup({ added, removed, value }: Words, kind: 'removed' | 'added'): Markup {
  if (!added && !removed) return html`${value}`;
  if (kind === 'removed') return removed ? html`<del>${value}</del>` : html``;
  return added ? html`<ins>${value}</ins>` : html``;
}
