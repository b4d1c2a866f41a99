import { execFile } from 'node:child_process';
import { afterAll, beforeAll } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { connect, type Connection } from '../../../tools/cli/connection.ts';
import { run } from '../../../tools/cli/run.ts';
import { Newsroom } from '../newsroom.ts';

/** The newsroom that all modules of commands.test.ts share. */
export let newsroom: Newsroom;
export let connection: Connection;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
  connection = connect('local', newsroom.stack.awsUrl, '');
});

afterAll(async () => newsroom.close());

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the CLI in this process, which takes a tenth of the time of a process of its own. */
export async function pressrun(...given: string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const words = ['--endpoint-url', newsroom.stack.awsUrl, '--time-zone', 'Europe/London', ...given];
  const code = await run(words, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
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
