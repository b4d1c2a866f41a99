import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { articleIdOf } from '../../shared/article/article.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { sign, secretsIn } from '../../shared/cms/signature.ts';
import type { Swept } from '../../shared/cms/source-api.ts';
import { bodyText, readWebhook, type Source, type Webhook } from '../../shared/cms/source.ts';
import type { SourceSettings } from '../../shared/cms/source-settings.ts';
import { sourceNamed, sources } from '../../shared/cms/sources.ts';
import { Unreachable, WrongUse } from './exits.ts';
import { ask, type Connection } from './connection.ts';

/** Those that can be asked for their archive. */
export const sweepable: readonly string[] = sources.flatMap(({ name, api }) => (api ? [name] : []));

/** Long enough to make progress, short enough to report it. */
const pieceSeconds = 10;

/** Lets the stage's `sweep` read a CMS's whole archive piece by piece, and reports progress after each piece. */
export async function importArchive(
  { stage, lambda }: Connection,
  source: string,
  notify: (swept: Swept) => void,
): Promise<Swept> {
  let sent = 0;
  let withdrawn = 0;
  const unreadable: string[] = [];
  for (;;) {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: `pressrun-${stage}-sweep`,
        Payload: JSON.stringify({ source, wholeArchive: true, seconds: pieceSeconds }),
      }),
    );
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || '{}') as Record<string, Swept> & {
      readonly errorMessage?: string;
    };
    const swept = answer[source];
    if (FunctionError !== undefined || swept === undefined)
      throw sweepFailed(stage, source, answer.errorMessage ?? FunctionError ?? 'it answered nothing of this source');
    sent += swept.sent;
    withdrawn += swept.withdrawn;
    unreadable.push(...swept.unreadable);
    notify(swept);
    if (swept.isComplete) return { ...swept, sent, withdrawn, unreadable };
  }
}

/** Where the CMS does not answer, its address is in the message, and in context `sources`. */
function sweepFailed(stage: string, source: string, reason: string): Error {
  const message = `the sweep of ${source} failed: ${reason}`;
  if (/answered 40[13]\b/.test(reason))
    return new Unreachable(
      `${message}: is api of the secret pressrun-${stage}-sweep-${source} (on a laptop, api in PRESSRUN_INGEST_SECRETS) a key of its API?`,
    );
  return /does not answer/.test(reason)
    ? new Unreachable(
        `${message}: is the CMS running, and url of ${source} right in context sources (on a laptop, in PRESSRUN_SOURCES)?`,
      )
    : new Error(message);
}

const barCharacters = 30;

export function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((barCharacters * Math.min(done, total)) / total);
  return `[${'#'.repeat(filled)}${' '.repeat(barCharacters - filled)}] ${done} of ${total}`;
}

const timeoutMs = 15_000;
const pollIntervalMs = 250;

/** @throws {WrongUse} There is no such source. */
export function knownSource(name: string): Source {
  const source = sourceNamed(name);
  if (source) return source;
  const names = sources.map((each) => each.name);
  throw new WrongUse(`there is no source ${name}: it must be one of ${names.join(', ')}${didYouMean(name, names)}`);
}

/** Returns the address of a source's webhook endpoint. */
export function endpointOf(webhookEndpoints: string, { name }: Source): string {
  return `${webhookEndpoints.replace(/\/$/, '')}/ingest/${name}`;
}

/** Sends webhooks as the CMS would. Without a story, the body is empty. Returns the observations as lines. */
export async function testWebhook(
  { stage, articles, secretsManager }: Connection,
  source: Source,
  settings: SourceSettings,
  webhookEndpoints: string,
  withStory: boolean,
  movedBy: string,
): Promise<string[]> {
  const { name } = source;
  const [secret] = secretsIn(
    (await new SecretsManagerSecrets(secretsManager, `pressrun-${stage}-ingest-`, { now: Date.now }).secretOf(name)) ??
      '',
  ).webhook;
  if (secret === undefined)
    throw new Error(
      `no secret is kept for ${name}: ${stage === 'local' ? 'start the stack with PRESSRUN_INGEST_SECRETS' : 'look into Secrets Manager'}`,
    );
  const knock = async ({
    body: payload,
    headers = {},
  }: Webhook): Promise<{ status: number; text: string; milliseconds: number }> => {
    const body = Buffer.from(bodyText(source, payload));
    const begun = Date.now();
    const response = await ask(
      endpointOf(webhookEndpoints, source),
      {
        method: 'POST',
        headers: {
          'content-type': source.format === 'xml' ? 'application/xml' : 'application/json',
          ...headers,
          ...sign(source.authentication, body, secret, begun),
        },
        body,
      },
      { what: 'the webhook endpoint', movedBy },
    );
    return { status: response.status, text: await response.text(), milliseconds: Date.now() - begun };
  };
  const expected = async (webhook: Webhook, statuses: readonly number[], what: string): Promise<string> => {
    const { status, text, milliseconds } = await knock(webhook);
    if (!statuses.includes(status)) throw new Error(`${what}: the webhook endpoint answered ${status} ${text}`);
    return `${what}: ${status} after ${milliseconds} ms`;
  };
  // Also 422: some sources have no empty webhook, and an unverified request never gets that far.
  const lines = [await expected({ body: {} }, [204, 422], 'the secret fits')];
  if (!withStory)
    return [
      ...lines,
      'The webhook endpoint takes this secret. With --story, a test story goes all the way to the readers and back.',
    ];

  const id = `${Date.now()}`;
  const [publish, end] = source.sample(id, new Date().toISOString(), settings);
  const reading = readWebhook(source, publish.body, settings, {
    receivedAt: Date.now(),
    headers: publish.headers ?? {},
  });
  const uri = 'commands' in reading ? reading.commands[0]?.detail.article.uri : undefined;
  if (uri === undefined) throw new Error(`the sample of ${name} says nothing`);
  const seen = async (visibility: string): Promise<string> => {
    const begun = Date.now();
    while ((await articles.head(articleIdOf(uri)))?.visibility !== visibility) {
      if (Date.now() > begun + timeoutMs)
        throw new Error(
          `${uri} is not ${visibility} after ${timeoutMs / 1000} s: look at "rejected", and at the queue pressrun-${stage}-store`,
        );
      await pause(pollIntervalMs);
    }
    return `${uri} is ${visibility} after ${Date.now() - begun} ms`;
  };
  lines.push(await expected(publish, [202], 'a story'), await seen('live'));
  lines.push(await expected(end, [202], 'its end'), await seen('gone'));
  return lines;
}
