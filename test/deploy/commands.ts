import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs one of `npm run`'s commands for stage dev. */
export async function run(command: string, env: NodeJS.ProcessEnv, cwd: string, ...more: string[]): Promise<Ran> {
  return ran(
    spawn(process.execPath, ['tools/cli/cdk.ts', command, '--stage', 'dev', '--no-notices', ...more], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs one of `npm run pressrun`'s commands for stage dev, without an address. */
export async function pressrun(env: NodeJS.ProcessEnv, ...given: string[]): Promise<Ran> {
  return ran(
    spawn(process.execPath, ['tools/cli/main.ts', '--stage', 'dev', ...given], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Returns the exit code and everything that a command printed. */
export async function ran(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<Ran> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}
