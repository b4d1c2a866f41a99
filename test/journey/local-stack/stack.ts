import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { PortUnusable } from '../../../tools/laptop/port-unusable.ts';
import { startLocalStack } from '../../../tools/laptop/stack.ts';
import { assembly, logged, stack } from './shared-stack.ts';

describe('the stack', () => {
  test('names the resource types that it does not run in one line', () => {
    expect(logged.filter(({ line }) => line.startsWith('not run')).map(({ line }) => line)).toEqual([
      'not run on a laptop: AWS::Pipes::Pipe',
    ]);
  });

  test('reports its outputs', () => {
    expect(stack.outputs).toEqual({ BusName: 'small', ArticlesTableName: 'small-articles' });
    expect(stack.busName).toBe('small');
  });

  test('names the variable of a port that is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen({ port: 0, host: '127.0.0.1' }, resolve));
    const { port } = blocker.address() as AddressInfo;
    await expect(startLocalStack({ assembly, awsPort: port, edgePort: 0 })).rejects.toThrow(PortUnusable);
    await expect(startLocalStack({ assembly, awsPort: 0, edgePort: port })).rejects.toThrow('PRESSRUN_EDGE_PORT');
    await new Promise((resolve) => blocker.close(resolve));
  });

  test('answers an unknown operation with an error that names it', async () => {
    const response = await fetch(stack.awsUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.Encrypt' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('TrentService') as unknown,
    });
  });
});
