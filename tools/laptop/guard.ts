import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export interface GuardSettings {
  /** Host names in lower case that the server answers to, beside those of the loopback interface. */
  readonly hosts: ReadonlySet<string>;
  /** Whether requests that another site's page made a browser send are rejected. */
  readonly rejectsOtherSites?: boolean;
  readonly report: (error: unknown) => void;
}

/**
 * Protects a developer's server from pages in the browser, and its process from any request. A request for another host
 * than this machine is answered 421, since another site's DNS may point here (DNS rebinding). An error of `handle` is
 * reported and answered 500. `handle` gets targets in origin form only (RFC 9112 §3.2.1), so `request.url` begins with
 * a slash.
 */
export function guarded(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  { hosts, rejectsOtherSites = false, report }: GuardSettings,
): RequestListener {
  const isOwn = (authority: string): boolean => {
    const [, host] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(authority.toLowerCase()) ?? [];
    return host !== undefined && (isLoopback(host) || hosts.has(host));
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, authority, path = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(request.url ?? '') ?? [];
    // Two readers of this request could each believe another one (RFC 9112 §3.2).
    if ((request.headersDistinct['host']?.length ?? 0) > 1) {
      refuse(response, 400, 'A request must have one Host header.');
      return;
    }
    if (!isOwn(request.headers.host ?? '') || (authority !== undefined && !isOwn(authority))) {
      refuse(
        response,
        421,
        'This server answers to names of the loopback interface. Set PRESSRUN_HOSTS to add others.',
      );
      return;
    }
    if (rejectsOtherSites && isFromOtherSite(request)) {
      refuse(response, 403, 'Pages of other sites may not send requests to this port.');
      return;
    }
    if (authority !== undefined) request.url = path.startsWith('/') ? path : `/${path}`;
    if (request.url?.startsWith('/') !== true) {
      refuse(response, 400, 'The target of a request must begin with a slash.');
      return;
    }
    await handle(request, response);
  };
  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      report(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal Server Error');
    });
  };
}

/** Names that resolvers keep for the loopback interface (RFC 6761 §6.3), and its addresses. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Browsers send the requesting site in `Origin` and `Sec-Fetch-Site`; other clients send neither. Following a link to
 * this port is allowed, since the linking page cannot read the answer.
 */
function isFromOtherSite({ method, headers }: IncomingMessage): boolean {
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host ?? ''}`) return true;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return method !== 'GET' || headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.destroyed) return;
  // The rest of the request's body is not read.
  response
    .writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', connection: 'close' })
    .end(`${message}\n`);
}
