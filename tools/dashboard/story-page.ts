import { html } from 'hono/html';
import { beganAt } from '../../shared/trace/publish-trace.ts';
import type { HistoryLine } from '../cli/history.ts';
import { kindOf, stepsOf, type Way } from '../cli/status.ts';
import { clockOf } from '../cli/zone.ts';
import { comparisonMarkup, type Comparison } from './comparison.ts';
import { afterText, clockText, type Markup, type Surroundings } from './markup.ts';
import { lagMarkup, rejectionMarkup } from './overview-page.ts';

/** One story: what readers see and why, its publish traces, its feeds and its whole history. */
export function storyMarkup(way: Way, comparison: Comparison | undefined, surroundings: Surroundings): Markup {
  const { uri, articleId, head, standing, history, entries, changes, rejections } = way;
  const { edgeUrl, timeZone } = surroundings;
  return html`<h1>${head?.card?.headline ?? history.findLast(({ headline }) => headline !== undefined)?.headline ?? uri}</h1>
<p class="quiet uri">${uri} · ${articleId}</p>
<p id="verdict" role="status">${head?.visibility === 'live' && head.path !== undefined ? html`<a class="good" href="${edgeUrl}${head.path}">${standing}</a>` : html`<span class="busy">${standing}</span>`}</p>
<h2>Publish traces</h2>
${changes.length === 0 ? html`<p class="quiet">None.</p>` : ''}
<ol class="changes">${changes.map((change) => changeMarkup(change, timeZone))}</ol>
<div class="columns"><section><h2>Received versions and holds</h2>
<ul class="plain">${history.toReversed().map((line) => versionMarkup(uri, line, timeZone))}</ul></section>
<section><h2>Feeds that list it</h2>
<ul class="plain">${entries.map(({ feed, seq }) => html`<li><a href="${edgeUrl}/feeds/${feed}.json">${feed}</a> <span class="${seq === undefined ? 'bad' : 'quiet'}">${seq === undefined ? 'no entry' : `seq ${seq}`}</span></li>`)}${entries.length === 0 ? html`<li class="quiet">in no list</li>` : ''}</ul>
${rejections.length === 0 ? '' : html`<h2>Rejected events</h2><ul class="refusals">${rejections.map((rejection) => rejectionMarkup(rejection, timeZone))}</ul>`}</section></div>
${comparison === undefined ? '' : comparisonMarkup(uri, comparison)}`;
}

function changeMarkup(change: Way['changes'][number], timeZone: string): Markup {
  const note = (step: string): string => {
    if (step === 'announced') return ` · ${(change.feeds ?? []).join(', ')}`;
    return step === 'late' ? ` · ${(change.late ?? []).join(', ')}` : '';
  };
  return html`<li class="change" id="change-${change.seq}"><b>${kindOf(change)}, ${clockOf(timeZone)(beganAt(change))}</b>${lagMarkup(change)}
<div class="wide"><ol class="way">${stepsOf(change).map(({ step, at }) => html`<li class="${step === 'fresh' ? 'good' : step === 'late' ? 'bad' : ''}"><b>${step}</b> ${clockText(at, timeZone)} <span class="quiet">${afterText(at - beganAt(change))}${note(step)}</span></li>`)}</ol>
<p class="quiet uri">seq ${change.seq}${change.source === undefined ? '' : ` · from ${change.source}`}${change.correlationId === undefined ? '' : ` · caused by ${change.correlationId}`}</p>${(change.warnings ?? []).map(({ path, message }) => html`<p class="busy uri">warning: ${path === '' ? 'event' : path}: ${message}</p>`)}</div></li>`;
}

/** Versions with a page can be previewed. Withheld and withdrawing versions have none, nor do fronts. */
const withPage = /^article\.(?:published|updated)$/;

function versionMarkup(
  uri: string,
  { number, receivedAt, event, shown, headline, actor, reason }: HistoryLine,
  timeZone: string,
): Markup {
  return html`<li class="uri">${number === undefined ? '' : html`<b>${number}</b> `}${event} <span class="quiet">${clockOf(timeZone)(receivedAt)}${actor === undefined ? '' : ` by ${actor}`}${reason === undefined ? '' : `: ${reason}`}</span> ${headline ?? ''} ${shown ? html`<span class="good">shown</span>` : ''} ${number !== undefined && withPage.test(event) ? html`<a href="/_desk/preview?uri=${encodeURIComponent(uri)}&amp;version=${number}">preview version ${number}</a>` : ''}</li>`;
}

export function unknownMarkup(reason: string): Markup {
  return html`<h1>Not known</h1><p class="uri">${reason}</p>`;
}
