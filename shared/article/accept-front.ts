import * as v from 'valibot';
import { issuesOf, type Issue } from '../field-schema.ts';
import { namedFront, usableFront } from '../front/front-schema.ts';
import { frontIdOf, type Front } from '../front/front.ts';
import { isObject } from '../cms/source-api.ts';
import { aheadOfTime, isTooLarge, tooLarge, whoAndWhy, type Accepted, type Arrival } from './bus-event.ts';
import { detailSchema } from './detail-schema.ts';
import { addIgnored } from './misnamed-times.ts';
import { digestOf, type FrontContent, type FrontEvent } from './version.ts';

/** Validates an event about a front. */
export function acceptFront(
  event: FrontEvent,
  detail: Record<string, unknown>,
  { time, origin, rejected }: Arrival,
): Accepted {
  const said = v.safeParse(detailSchema, detail, { abortPipeEarly: true });
  const given = v.safeParse(event === 'front.published' ? usableFront : namedFront, detail['front'], {
    abortPipeEarly: true,
  });
  const timed = event === 'front.published' ? timesOfFront(detail, time) : [];
  if (!said.success || !given.success || timed.length > 0)
    return rejected([...timed, ...issuesOf(given.issues, 'front'), ...issuesOf(said.issues)]);
  const front: Front = { containers: [], ...given.output };
  const ahead = aheadOfTime(said.output.receivedAt ?? time, { 'front.versionCreated': front.versionCreated });
  if (ahead.length > 0) return rejected(ahead);
  const { revision, receivedAt } = said.output;
  const content: FrontContent = { event, front, ...whoAndWhy(said.output) };
  if (isTooLarge(content)) return rejected([{ path: 'front', message: tooLarge }]);
  return {
    kind: 'front',
    version: {
      articleId: frontIdOf(front.name),
      versionCreated: Date.parse(front.versionCreated),
      revision: revision ?? 0,
      receivedAt: receivedAt ?? time,
      digest: digestOf(event, detail),
      status: event === 'front.published' ? 'usable' : 'canceled',
      origin,
      content,
    },
  };
}

/**
 * Returns an issue for each field that may say that a front, or one of its containers, must not be shown now. Fronts
 * have no such fields, so it would be ignored.
 */
function timesOfFront({ receivedAt: _, front, ...detail }: Record<string, unknown>, received: number): Issue[] {
  const issues: Issue[] = [];
  const { containers = [], ...itself } = isObject(front) ? front : {};
  const parts: [Record<string, unknown>, (string | number)[]][] = [
    [detail, []],
    [itself, ['front']],
    ...[containers]
      .flat()
      .map((container, index): (typeof parts)[number] => [
        isObject(container) ? container : {},
        ['front', 'containers', index],
      ]),
  ];
  for (const [part, path] of parts)
    for (const [name, value] of Object.entries(part))
      if (name !== 'versionCreated' && value !== 'usable') addIgnored(name, value, path, issues, received, true);
  return issues.map(({ path }) => ({
    path,
    message: 'must be left out: a front is shown from its publication until the next one',
  }));
}
