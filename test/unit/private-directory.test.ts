import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makePrivate } from '../../tools/laptop/private-directory.ts';

test('a data directory with open permissions is restricted, and the target of a link in it is left alone', async () => {
  const base = await mkdtemp(join(tmpdir(), 'pressrun-private-'));
  const modeOf = async (...names: readonly string[]): Promise<string> =>
    ((await stat(join(base, ...names))).mode & 0o777).toString(8);
  try {
    await mkdir(join(base, 'data', 'logs'), { recursive: true });
    for (const name of ['secrets.json', 'logs/store.log', '../elsewhere'])
      await writeFile(join(base, 'data', name), 'x');
    await symlink(join(base, 'elsewhere'), join(base, 'data', 'link'));
    for (const name of ['data', 'data/logs']) await chmod(join(base, name), 0o755);
    for (const name of ['data/secrets.json', 'data/logs/store.log', 'elsewhere']) await chmod(join(base, name), 0o644);
    await makePrivate(join(base, 'data'));
    expect(
      await Promise.all([
        modeOf('data'),
        modeOf('data', 'logs'),
        modeOf('data', 'secrets.json'),
        modeOf('data', 'logs', 'store.log'),
      ]),
    ).toEqual(['700', '700', '600', '600']);
    expect(await modeOf('elsewhere')).toBe('644');
  } finally {
    await rm(base, { recursive: true });
  }
});
