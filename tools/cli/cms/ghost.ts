import { createHmac } from 'node:crypto';
import { addressOf, within } from '../../../shared/cms/source-api.ts';
import { WrongUse } from '../exits.ts';
import type { CmsAccess, CmsWriter, WriteRequest } from './cms-writer.ts';

const keyHint =
  'the Admin API key of a custom integration (Settings → Advanced → Integrations), id and secret with a colon between';

/** Ghost's Admin API. */
export const ghost: CmsWriter = {
  keyHint,
  publish: (access, { title, text }) => request(access, 'POST', [], { title, html: htmlOf(text), status: 'published' }),
  // Ghost rejects an update that does not name the version it changes.
  update: (access, { title, text }, item) =>
    request(access, 'PUT', [idIn(item)], { title, html: htmlOf(text), updated_at: within(item, 'updated_at') }),
  delete: (access, item) => request(access, 'DELETE', [idIn(item)]),
  itemIn: (body) => within(body, 'posts', 0),
  idOf: (item) => idIn(item) || undefined,
  delivery: {
    publish: 'a webhook for “Post published”',
    update: 'a webhook for “Post updated”',
    delete: 'a webhook for “Post deleted”',
  },
  failures:
    "Ghost's log has each webhook that failed (WEBHOOK_DELIVERY_FAILURE). It sends to private addresses, such as this machine's, only with security.allowWebhookInternalIPs in its configuration.",
};

function request(
  { settings, key }: CmsAccess,
  method: WriteRequest['method'],
  id: readonly string[],
  post?: Readonly<Record<string, unknown>>,
): WriteRequest {
  return {
    method,
    // Without `source`, Ghost ignores the HTML.
    url: addressOf(settings.url, ['ghost', 'api', 'admin', 'posts', ...id, ''], { source: 'html' }),
    headers: { 'accept-version': 'v5.0', authorization: `Ghost ${tokenOf(key, Date.now())}` },
    ...(post && { body: { posts: [post] } }),
  };
}

function htmlOf(text: string): string {
  return `<p>${text}</p>`;
}

function idIn(item: unknown): string {
  const id = within(item, 'id');
  return typeof id === 'string' ? id : '';
}

/** Returns a token (RFC 7519) that lasts five minutes, the longest that Ghost accepts. */
function tokenOf(key: string, now: number): string {
  const [, id, secret] = /^([0-9a-f]{24}):([0-9a-f]{64})$/i.exec(key) ?? [];
  if (id === undefined || secret === undefined) throw new WrongUse(`the key must be ${keyHint}`);
  const seconds = Math.floor(now / 1000);
  const parts = [
    { alg: 'HS256', typ: 'JWT', kid: id },
    { iat: seconds, exp: seconds + 300, aud: '/admin/' },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signed = parts.join('.');
  return `${signed}.${createHmac('sha256', Buffer.from(secret, 'hex')).update(signed).digest('base64url')}`;
}
