import { type Assembly } from './cloudformation/assembly.ts';
import { functionKeyId, sessionToken } from './aws-endpoint.ts';
import { region, type Resource } from './cloudformation/template.ts';

/** AWS's default limit for an account. On a laptop, event source mappings limit concurrency. */
const maxConcurrent = 1000;

export function functionSettingsOf({ name, arn, properties }: Resource, assembly: Assembly, awsUrl: string) {
  const memoryMegabytes = properties.optionalInteger('MemorySize') ?? 128;
  const variables = properties.optionalFields('Environment')?.optionalFields('Variables');
  const handler = properties.text('Handler');
  return {
    directory: assembly.assetDirectory(properties.fields('Code').text('S3Key')),
    handler,
    functionName: name,
    functionArn: arn,
    memoryMegabytes,
    timeoutSeconds: properties.optionalInteger('Timeout') ?? 3,
    concurrency: properties.optionalInteger('ReservedConcurrentExecutions') ?? maxConcurrent,
    environment: {
      ...Object.fromEntries(
        Object.keys(variables?.record ?? {}).map((variable) => [variable, variables?.text(variable) ?? '']),
      ),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: functionKeyId(name),
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      _HANDLER: handler,
    },
  };
}
