import { html } from 'hono/html';
import {
  beganAt,
  canaryUri,
  isNotFresh,
  lagOf,
  percentile,
  type PublishTrace,
} from '../../shared/trace/publish-trace.ts';
import {
  deadLettersIn,
  isDeadLetterQueue,
  kindOf,
  stepsOf,
  type NamedPublishTrace,
  type QueueStatus,
  type Status,
} from '../cli/status.ts';
import { counted, secondsText, subjectText } from '../cli/text.ts';
import { verdictOf } from '../cli/verdict.ts';
import { clockOf } from '../cli/zone.ts';
import { chartsMarkup } from './charts.ts';
import { published } from './figures.ts';
import { afterText, clockText, type Markup, type Surroundings } from './markup.ts';
import { maxTraces, type Overview } from './overview.ts';

/** The number of changes and of warnings that are shown unfolded. */
const unfolded = 20;

export function overviewMarkup(overview: Overview, { timeZone }: Surroundings): Markup {
  const { changes, rejections, inFlight, filter, isCut } = overview;
  return html`<h1>From the CMS to the readers</h1>
${verdictMarkup(overview)}
${tilesMarkup(overview)}
${chartsMarkup(overview, timeZone)}
${isCut ? html`<p class="quiet">The charts are of the last ${maxTraces.toLocaleString('en')} changes. There may have been more in ${counted(filter.hours, 'hour')}.</p>` : ''}
<h2>On their way (${inFlight.length})</h2>
${inFlight.length === 0 ? html`<p class="quiet">No change is on its way.</p>` : html`<ul class="plain">${inFlight.map(({ change, waiting }) => html`<li id="way-${keyOf(change)}">${linkTo(change)} <span class="busy">waits for the ${waiting}</span> <span class="quiet">since ${clockText(beganAt(change), timeZone)}</span></li>`)}</ul>`}
<h2>Rejected events (${rejections.length})</h2>
${rejections.length === 0 ? html`<p class="quiet">None.</p>` : html`<ul class="refusals">${rejections.map((rejection) => rejectionMarkup(rejection, timeZone))}</ul>`}
<div class="columns"><section><h2>Queues</h2>${queuesMarkup(overview.queues)}</section>
<section><h2>Published with warnings</h2>${warningsMarkup(overview.warnings)}</section></div>
<h2>The last ${counted(changes.length, 'change')}</h2>
${changes.length === 0 ? html`<p class="quiet">${filter.section !== undefined || filter.source !== undefined || filter.late ? 'No change fits the filter.' : `Nothing was published in ${counted(filter.hours, 'hour')}.`}</p>` : ''}
${changesMarkup(changes.slice(0, unfolded), timeZone)}
${changes.length <= unfolded ? '' : html`<details id="older"><summary>${changes.length - unfolded} more</summary>${changesMarkup(changes.slice(unfolded), timeZone)}</details>`}`;
}

/** One sentence for everybody. Its text changes only with the numbers in it, so screen readers read nothing else aloud. */
function verdictMarkup({ traces, rejections, queues }: Overview): Markup {
  const { isWell, text } = verdictOf({ late: traces.filter(isNotFresh).length, rejections, queues });
  return html`<p id="verdict" role="status" class="${isWell ? 'good' : 'bad'}">${text}</p>`;
}

function tilesMarkup({ traces, rejections, queues, inFlight }: Overview): Markup {
  const lags = published(traces).flatMap((trace) => lagOf(trace) ?? []);
  const dead = deadLettersIn(queues);
  const late = traces.filter(isNotFresh).length;
  return html`<ul class="tiles">
${tile('median time to reader', secondsText(percentile(lags, 0.5)))}
${tile('95th percentile', secondsText(percentile(lags, 0.95)))}
${tile('on their way', String(inFlight.length))}
${tile('not fresh in time', String(late), late > 0)}
${tile('rejected', String(rejections.length), rejections.length > 0)}
${tile('dead letters', String(dead), dead > 0)}
</ul>`;
}

function tile(label: string, value: string, isBad = false): Markup {
  return html`<li><b class="${isBad ? 'bad' : ''}">${value}</b>${label}</li>`;
}

export function rejectionMarkup(
  { eventId, uri, front, file, source, errors, refusedAt }: Status['rejections'][number],
  timeZone: string,
): Markup {
  const subject = subjectText({ uri, front });
  return html`<li class="refusal" id="rejected-${eventId}"><p>${uri === undefined && front === undefined ? html`<b>${file ?? 'without a uri'}</b>` : html`<a class="name uri" href="/_desk?uri=${encodeURIComponent(subject)}">${subject}</a>`} <span class="quiet">${clockOf(timeZone)(refusedAt)} from ${source === '' ? 'an unknown source' : source}</span></p>${errors.map(({ path, message }) => html`<p class="bad uri">${path === '' ? 'event' : path}: ${message}</p>`)}</li>`;
}

function queuesMarkup(queues: readonly QueueStatus[]): Markup {
  if (queues.length === 0) return html`<p class="quiet">All are empty.</p>`;
  return html`<table><thead><tr><th scope="col">queue</th><th scope="col">waiting</th><th scope="col">in progress</th></tr></thead><tbody>${queues.map((queue) => html`<tr id="queue-${queue.name}" class="${isDeadLetterQueue(queue) ? 'bad' : ''}"><th scope="row">${isDeadLetterQueue(queue) ? `${queue.name.slice(0, -'-dlq'.length)} (dead letters)` : queue.name}</th><td>${queue.messages}</td><td>${queue.putOff}</td></tr>`)}</tbody></table>`;
}

function warningsMarkup(warnings: Overview['warnings']): Markup {
  if (warnings.length === 0) return html`<p class="quiet">None.</p>`;
  const rows = (some: Overview['warnings']): Markup =>
    html`<table><thead><tr><th scope="col">source</th><th scope="col">field</th><th scope="col">stories</th></tr></thead><tbody>${some.map(({ source, path, message, articles, uri }) => html`<tr><th scope="row">${source}</th><td>${path === '' ? 'event' : path}: ${message}<br><a class="uri" href="/_desk?uri=${encodeURIComponent(uri)}">for example ${uri}</a></td><td>${articles}</td></tr>`)}</tbody></table>`;
  return html`${rows(warnings.slice(0, unfolded))}${warnings.length <= unfolded ? '' : html`<details id="more-warnings"><summary>${warnings.length - unfolded} more</summary>${rows(warnings.slice(unfolded))}</details>`}`;
}

function keyOf({ articleId, seq }: PublishTrace): string {
  return `${articleId}-${seq}`;
}

function linkTo(change: NamedPublishTrace): Markup {
  const { uri, headline, articleId } = change;
  const name = uri === canaryUri ? 'Canary' : (headline ?? uri ?? articleId);
  return html`<a class="name" href="/_desk?uri=${encodeURIComponent(uri ?? '')}">${name}</a>`;
}

function changesMarkup(changes: readonly NamedPublishTrace[], timeZone: string): Markup {
  return html`<ol class="changes">${changes.map(
    (change) => html`<li class="change" id="change-${keyOf(change)}">${linkTo(change)}${lagMarkup(change)}
<ol class="steps"><li class="quiet">${clockText(change.seq, timeZone)} ${kindOf(change)}${change.source === undefined ? '' : ` from ${change.source}`}</li>${change.standing === undefined ? '' : html`<li class="busy">${change.standing}</li>`}${change.warnings === undefined ? '' : html`<li class="busy">${counted(change.warnings.length, 'warning')}</li>`}${stepsOf(change).map(({ step, at }) => html`<li class="${step === 'late' ? 'bad' : 'quiet'}">${step} ${afterText(at - beganAt(change))}</li>`)}</ol></li>`,
  )}</ol>`;
}

export function lagMarkup(trace: PublishTrace): Markup {
  const lag = lagOf(trace);
  if (lag !== undefined) return html`<span class="lag good">fresh in ${secondsText(lag)}</span>`;
  return trace.late === undefined
    ? html`<span class="lag busy">in progress</span>`
    : html`<span class="lag bad">not fresh: ${trace.late.join(', ')}</span>`;
}
