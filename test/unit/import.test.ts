import { expect, test } from '@jest/globals';
import { importArchive } from '../../tools/cli/webhooks.ts';
import type { Connection } from '../../tools/cli/connection.ts';
import { exitCodes } from '../../tools/cli/exits.ts';
import { explained } from '../../tools/cli/explained.ts';

/** A stage whose sweep gives these answers, one a call. */
function stageWith(...answers: readonly { readonly payload?: unknown; readonly error?: string }[]): Connection {
  const left = [...answers];
  const send = (): Promise<object> => {
    const { payload, error } = left.shift() ?? {};
    return Promise.resolve({
      ...(payload !== undefined && { Payload: Buffer.from(JSON.stringify(payload)) }),
      ...(error !== undefined && { FunctionError: error }),
    });
  };
  return { stage: 'test', lambda: { send } } as unknown as Connection;
}

const piece = (sent: number, isComplete: boolean) => ({
  payload: { ghost: { sent, withdrawn: 1, unreadable: [], isComplete } },
});

async function failureOf(connection: Connection): Promise<{ readonly message: string; readonly code: number }> {
  try {
    await importArchive(connection, 'ghost', () => undefined);
  } catch (error) {
    return explained(error);
  }
  throw new Error('nothing failed');
}

test('an import adds up the results of its parts', async () => {
  expect(await importArchive(stageWith(piece(3, false), piece(2, true)), 'ghost', () => undefined)).toMatchObject({
    sent: 5,
    withdrawn: 2,
    isComplete: true,
  });
});

test('a CMS that does not answer is named with the setting that has its address', async () => {
  const payload = { errorType: 'Error', errorMessage: 'http://127.0.0.1:2368 does not answer (ECONNREFUSED)' };
  expect(await failureOf(stageWith({ payload, error: 'Unhandled' }))).toEqual({
    code: exitCodes.unreachable,
    message:
      'the sweep of ghost failed: http://127.0.0.1:2368 does not answer (ECONNREFUSED): is the CMS running, and url of ghost right in context sources (on a laptop, in PRESSRUN_SOURCES)?',
  });
});

test('a CMS that does not let the sweep in is named with the secret that has its key', async () => {
  const payload = { errorMessage: 'ghost answered 403 to page 1 of its list' };
  const { code, message } = await failureOf(stageWith({ payload, error: 'Unhandled' }));
  expect(code).toBe(exitCodes.unreachable);
  expect(message).toContain('pressrun-test-sweep-ghost');
});

test.each([
  [
    'says why it failed',
    { payload: { errorMessage: 'the key of ghost is refused (401)' }, error: 'Unhandled' },
    'the sweep of ghost failed: the key of ghost is refused (401)',
  ],
  ['ends without a reason', { error: 'Unhandled' }, 'the sweep of ghost failed: Unhandled'],
  [
    'answers of other sources only',
    { payload: { strapi: { sent: 1 } } },
    'the sweep of ghost failed: it answered nothing of this source',
  ],
  ['answers nothing', {}, 'the sweep of ghost failed: it answered nothing of this source'],
])('the import fails with the reason if a sweep %s', async (_, answer, message) => {
  expect(await failureOf(stageWith(answer))).toEqual({ code: exitCodes.found, message });
});
