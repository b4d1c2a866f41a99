import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionRuntime } from '../lambda/function-runtime.ts';
import { functionUrl } from '../lambda/function-url.ts';
import { functionUrlDomain, type Template } from '../cloudformation/template.ts';

/** Lambda takes no larger payload; a body on its way into one is measured here as it came. */
const largestBodyBytes = 6 * 1024 * 1024;

/** Serves the function URL that anybody may call: the template's first without IAM in front of it. */
export function publicUrlOf(
  template: Template,
  {
    functions,
    warn,
  }: { readonly functions: ReadonlyMap<string, FunctionRuntime>; readonly warn: (line: string) => void },
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined {
  const [url, ...others] = template
    .all('AWS::Lambda::Url')
    .filter(({ properties }) => properties.text('AuthType') === 'NONE');
  for (const { logicalId } of others) warn(`${logicalId} is a second public function URL: not run`);
  if (!url) return undefined;
  const target = url.properties.text('TargetFunctionArn');
  const runtime = functions.get(target.slice(target.lastIndexOf(':') + 1));
  if (!runtime) throw new Error(`${url.logicalId}.TargetFunctionArn is ${target}, which is no function of this stack`);
  const invoke = functionUrl(runtime, functionUrlDomain(url.logicalId));

  return async (request, response) => {
    const body = await bodyOf(request);
    if (body === undefined) {
      response
        .writeHead(413, { 'content-type': 'application/json', connection: 'close' })
        .end('{"Message":"Request Entity Too Large"}');
      return;
    }
    const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : (value ?? ''),
      ]),
    );
    const answer = await invoke({ method: request.method ?? 'GET', rawPath, rawQueryString, headers, body });
    if (!response.destroyed)
      response
        .writeHead(answer.statusCode, { ...answer.headers, 'content-length': answer.body.length })
        .end(answer.body);
  };
}

/** Undefined if it is too large. The rest is still read, so that the client can read the answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBodyBytes) chunks.push(chunk);
  }
  return bytes > largestBodyBytes ? undefined : Buffer.concat(chunks);
}
