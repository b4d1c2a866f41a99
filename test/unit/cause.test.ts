import { describe, expect, test } from '@jest/globals';
import { causeFields, isTold, outranks, type Cause } from '../../shared/cause.ts';
import { correlationIdIn, idIn } from '../../shared/correlation.ts';

describe('what brought a change', () => {
  const event: Cause = { correlationId: 'event' };
  const announced: Cause = { correlationId: 'announced', replay: 'announce-may' };
  const silent: Cause = { correlationId: 'silent', replay: 'may-announce-', replayedAt: 1 };

  test('is told, unless a replay did that nobody asked to announce', () => {
    expect([undefined, event, announced, silent].map(isTold)).toEqual([true, true, true, false]);
  });

  test('is an event before an announced replay before a silent one, and the first of equals', () => {
    const ranked = [silent, announced, event];
    for (const [i, next] of ranked.entries()) for (const [j, standing] of ranked.entries()) expect(outranks(next, standing)).toBe(i > j);
    // Rows from before causes were kept were always told of.
    expect([outranks(event, undefined), outranks(undefined, event), outranks(undefined, silent)]).toEqual([false, false, true]);
  });

  test('is named in an announcement, but not when a replay brought it', () => {
    expect(causeFields(silent)).toStrictEqual({ correlationId: 'silent', replay: 'may-announce-' });
    expect(causeFields(event)).toStrictEqual({ correlationId: 'event' });
    expect(causeFields()).toStrictEqual({});
  });
});

describe('the request of the CMS that a message goes back to', () => {
  test.each([
    ['as the door noted it', { id: 'bus', detail: { correlationId: 'door' }, correlationId: 'own' }, 'door'],
    ['as Pressrun itself noted it', { id: 'bus', detail: {}, correlationId: 'own', cause: { correlationId: 'cause' } }, 'own'],
    ['as its cause says', { id: 'bus', cause: { correlationId: 'cause' } }, 'cause'],
    ['else the bus event that it is', { id: 'bus', detail: null }, 'bus'],
    ['or it is not known', { detail: 'text' }, undefined],
  ])('%s', (_, message, id) => {
    expect(correlationIdIn(JSON.stringify(message))).toBe(id);
  });

  test.each(['', 'no JSON', '7', 'null'])('is not known of %j', (body) => {
    expect(correlationIdIn(body)).toBeUndefined();
  });

  test('is nothing that does not look like an id', () => {
    expect(['a', '6a7e8feb-b491:cms.1_2', 'x'.repeat(100)].map(idIn)).toEqual(['a', '6a7e8feb-b491:cms.1_2', 'x'.repeat(100)]);
    expect(['', 'two words', 'line\nfeed', 'x'.repeat(101), '<b>', 7, undefined].map(idIn)).toEqual(Array.from({ length: 7 }));
  });
});
