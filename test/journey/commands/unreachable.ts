import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { Ended } from '../run-command.ts';
import { newsroom, pressrunIn } from './shared-newsroom.ts';

const uri = 'urn:desk:harbour';

test('a service that does not answer is named with the flag that sets its address, also in JSON', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const port = String((nobody.address() as AddressInfo).port);
  nobody.close();
  await once(nobody, 'close');
  const away = async (given: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    pressrunIn(
      {
        PATH: process.env['PATH'],
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        PRESSRUN_AWS_PORT: port,
        PRESSRUN_EDGE_PORT: port,
        ...env,
      },
      ...given,
    );
  expect(await away(['history', uri])).toEqual({
    code: 3,
    out: '',
    err: `pressrun: the AWS endpoint http://127.0.0.1:${port} does not answer (ECONNREFUSED): is "npm start" running, and PRESSRUN_AWS_PORT right?\n`,
  });
  expect(await away(['--json', 'rejected', '--endpoint-url', `http://127.0.0.1:${port}`])).toEqual({
    code: 3,
    out: `${JSON.stringify({ error: { message: `the AWS endpoint http://127.0.0.1:${port} does not answer (ECONNREFUSED): is --endpoint-url right?`, exitCode: 3 } }, undefined, 2)}\n`,
    err: '',
  });
  expect(await away(['smoke', '--endpoint-url', newsroom.stack.awsUrl])).toMatchObject({
    code: 3,
    err: expect.stringContaining(
      `the edge http://127.0.0.1:${port} does not answer (ECONNREFUSED): is "npm start" running, and PRESSRUN_EDGE_PORT its port?`,
    ) as unknown,
  });
  expect(await away(['--stage', 'dev', 'history', uri], { AWS_REGION: 'eu-west-1', HOME: '/nowhere' })).toMatchObject({
    code: 3,
    err: expect.stringMatching(/AWS does not let you in .*: set AWS_PROFILE/) as unknown,
  });
  expect(await away(['--stage', 'dev', 'history', uri], { HOME: '/nowhere' })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/set AWS_REGION/) as unknown,
  });
  expect(JSON.parse((await away(['history', '--json', '--stag', 'dev', uri])).out)).toEqual({
    error: { message: expect.stringMatching(/^unknown option '--stag'/) as unknown, exitCode: 2 },
  });
});
