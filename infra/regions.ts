import { Aws, CfnMapping } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InvalidSetting } from './stage-name.ts';

/**
 * The regions that have every service of the stack (Lambda's function URLs are the rarest), each with the region of its
 * Origin Shield: itself, or the one that CloudFront's guide recommends where there is none.
 */
export const originShieldOf: Readonly<Record<string, string>> = {
  'af-south-1': 'eu-west-1',
  'ap-east-1': 'ap-southeast-1',
  'ap-northeast-1': 'ap-northeast-1',
  'ap-northeast-2': 'ap-northeast-2',
  'ap-northeast-3': 'ap-northeast-1',
  'ap-south-1': 'ap-south-1',
  'ap-southeast-1': 'ap-southeast-1',
  'ap-southeast-2': 'ap-southeast-2',
  'ap-southeast-3': 'ap-southeast-1',
  'ca-central-1': 'us-east-1',
  'eu-central-1': 'eu-central-1',
  'eu-north-1': 'eu-west-2',
  'eu-south-1': 'eu-central-1',
  'eu-west-1': 'eu-west-1',
  'eu-west-2': 'eu-west-2',
  'eu-west-3': 'eu-west-2',
  'me-south-1': 'ap-south-1',
  'sa-east-1': 'sa-east-1',
  'us-east-1': 'us-east-1',
  'us-east-2': 'us-east-2',
  'us-west-1': 'us-west-2',
  'us-west-2': 'us-west-2',
};

/** Returns the region of the deployment, which the CDK's CLI sets; undefined for a synthesis without it. */
export function deployedRegion(): string | undefined {
  return process.env['CDK_DEFAULT_REGION'];
}

/** Throws InvalidSetting for a region that lacks a service of the stack. */
export function rejectRegion(region: string | undefined): void {
  if (region === undefined || region in originShieldOf) return;
  throw new InvalidSetting(
    `region ${region} lacks a service that Pressrun needs (Lambda function URLs, EventBridge archives and schema registries, CloudFront). It runs in ${Object.keys(originShieldOf).join(', ')}`,
  );
}

/** Returns the Origin Shield's region, which the template looks up, because one template serves every region. */
export function originShieldRegion(scope: Construct): string {
  const mapping = new CfnMapping(scope, 'OriginShield', {
    mapping: Object.fromEntries(Object.entries(originShieldOf).map(([region, shield]) => [region, { region: shield }])),
  });
  return mapping.findInMap(Aws.REGION, 'region');
}
