import { execFile } from 'node:child_process';
import { afterAll, beforeAll } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { connect, type Connection } from '../../../tools/cli/connection.ts';
import { Newsroom } from '../newsroom.ts';
import { runCommand, type Ended } from '../run-command.ts';

/** The newsroom that all modules of commands.test.ts share. */
export let newsroom: Newsroom;
export let connection: Connection;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
  connection = connect('local', newsroom.stack.awsUrl, '');
  // Commands print addresses of the edge.
  process.env['PRESSRUN_EDGE_PORT'] = new URL(newsroom.stack.edgeUrl).port;
});

afterAll(async () => newsroom.close());

/** Runs a command on the shared newsroom. */
export async function pressrun(...given: readonly string[]): Promise<Ended> {
  return runCommand('--endpoint-url', newsroom.stack.awsUrl, '--time-zone', 'Europe/London', ...given);
}

/** Runs a command in a process of its own, with these environment variables alone. */
export async function pressrunIn(env: NodeJS.ProcessEnv, ...given: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['tools/cli/main.ts', ...given], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
    child.stdin?.end();
  });
}

/** The status of the JSON of each article at the edge: `200,410`. */
export async function statusesOf(...uris: readonly string[]): Promise<string> {
  const pages = uris.map((uri) => `/articles/${articleIdOf(uri)}.json`);
  return (await Promise.all(pages.map(async (page) => (await newsroom.get(page)).status))).join();
}

/** Waits until articles are announced. The edge is not asked before, since it keeps a 404 for five seconds. */
export async function announced(...uris: readonly string[]): Promise<void> {
  await newsroom.until('all are announced', () => uris.every((uri) => newsroom.about(uri, 'article.live').length > 0));
}
