import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DirectoryInUse, lockDirectory } from '../../tools/laptop/directory-lock.ts';
import { portErrorOf } from '../../tools/laptop/port-unusable.ts';
import { faultOf } from '../../tools/laptop/start-fault.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pressrun-lock-'));
});

afterAll(async () => rm(directory, { recursive: true }));

test('a directory that another process uses is not used a second time, and is free once that one is gone', async () => {
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await writeFile(join(directory, 'pid'), String(other.pid));
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  await expect(lockDirectory(directory)).rejects.toThrow(`is in use by process ${String(other.pid)}: stop that one`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  const unlock = await lockDirectory(directory);
  expect(await readFile(join(directory, 'pid'), 'utf8')).toBe(String(process.pid));
  await unlock();
  expect(await readdir(directory)).toEqual([]);
});

test('a lock that was cut off while it was written has no effect', async () => {
  await writeFile(join(directory, 'pid'), '');
  await (
    await lockDirectory(directory)
  )();
  expect(await readdir(directory)).toEqual([]);
});

test.each([
  ['EADDRINUSE', /^port 80 is taken, perhaps by another "npm start": set PRESSRUN_EDGE_PORT to another port/],
  ['EACCES', /^this account may not open port 80: set PRESSRUN_EDGE_PORT to a port above 1023/],
])('a port that cannot be opened (%s) is named with its variable', (code, sentence) => {
  const fault = portErrorOf(Object.assign(new Error('listen'), { code }), 80, 'PRESSRUN_EDGE_PORT');
  expect(faultOf(fault)).toMatch(sentence);
});

test('files that cannot be written are named in one sentence; other errors keep their stack', () => {
  const refused = (code: string, path?: string): Error =>
    Object.assign(new Error(`${code}: mkdtemp`), { code, ...(path !== undefined && { path }) });
  expect(faultOf(refused('EACCES', '/tmp/pressrun-1'))).toBe(
    '/tmp/pressrun-1 cannot be written, since this account may not write there (EACCES): TMPDIR names the directory for temporary files, --data the one for the state',
  );
  expect(faultOf(refused('ENOSPC', '/x'))).toContain('the disk is full');
  expect(faultOf(refused('ENOENT', '/x'))).toBeUndefined();
  expect(faultOf(refused('EACCES'))).toBeUndefined();
  expect(faultOf('text')).toBeUndefined();
  expect(portErrorOf(refused('EADDRNOTAVAIL'), 80, 'PRESSRUN_EDGE_PORT')).toBeUndefined();
});

test('an old Node names the version from which on Pressrun runs', () => {
  const { tooOld } = createRequire(import.meta.url)('../../tools/node-version.cjs') as {
    tooOld: (version: string) => string | undefined;
  };
  expect(tooOld('20.20.2')).toMatch(/^Pressrun needs Node 22\.18 or later, and this is Node 20\.20\.2: install/);
  expect(tooOld('22.17.9')).toContain('22.18');
  for (const version of ['22.18.0', '22.20.1', '24.0.0', '26.1.0']) expect(tooOld(version)).toBeUndefined();
});
