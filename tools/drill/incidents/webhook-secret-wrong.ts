import { sign } from '../../../shared/cms/signature.ts';
import { bodyText, readWebhook } from '../../../shared/cms/source.ts';
import { ghost } from '../../../shared/cms/sources/ghost.ts';
import { settingsOf } from '../../../shared/cms/sources.ts';
import type { Incident } from '../drill.ts';
import { ghostSecret, type Room } from '../room.ts';

/** One post of Ghost, with the same body each time. */
const [{ body }] = ghost.sample('drill', new Date().toISOString());
const read = readWebhook(ghost, body, settingsOf(ghost, {}), { receivedAt: Date.now(), headers: {} });
const uri = 'commands' in read ? (read.commands[0]?.detail.article.uri ?? '') : '';

/** Sends the webhook as Ghost does; returns the status. */
async function send(room: Room, secret: string): Promise<number> {
  const bytes = Buffer.from(bodyText(ghost, body));
  const { status } = await fetch(`${room.stack.ingestUrl}/ingest/ghost`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sign(ghost.authentication, bytes, secret, Date.now()) },
    body: bytes,
  });
  return status;
}

export const webhookSecretWrong: Incident = {
  title: 'Ghost signs its webhooks with a wrong secret',
  alarm: 'Ingest-webhooks-are-rejected',
  begin: async (room) => {
    for (let sent = 0; sent < 5; sent++)
      if ((await send(room, 'a-secret-of-yesterday')) !== 401)
        throw new Error('Ghost has a wrong secret, and is let in');
  },
  look: ({ stack }) => [
    // The endpoint takes the secret that is stored, so the CMS has another.
    {
      page: 'runbook/webhooks-are-rejected.md',
      line: 'npm run pressrun -- --stage prod test-webhook SOURCE',
      values: { SOURCE: 'ghost' },
      flags: ['--url', stack.ingestUrl],
    },
  ],
  mend: async (room) => {
    if ((await send(room, ghostSecret)) !== 202) throw new Error('Ghost has the right secret, and is not let in');
  },
  repair: () => [],
  isWhole: (room) => room.lists('latest', uri),
};
