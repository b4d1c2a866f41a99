import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { SettingRefused } from './stage-name.ts';

export interface WebAclProps {
  readonly stage: Stage;
  /** From one address within five minutes, before it is kept out until it asks less. */
  readonly maxRequests: number;
}

/** AWS's lists of addresses that attack, and of what attacks look like. Its "core rule set" would keep out feed readers that say no User-Agent. */
const MANAGED = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** Keeps floods and known attackers from the edge. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { stage, maxRequests }: WebAclProps) {
    super(scope, id);
    const region = process.env['CDK_DEFAULT_REGION'];
    if (region !== undefined && region !== 'us-east-1') {
      throw new SettingRefused(
        `context webAcl=managed: CloudFront takes web ACLs of us-east-1 only, and this stage goes to ${region}. Deploy it there, or make the web ACL there and give its ARN`,
      );
    }
    const seenAs = (name: string): CfnWebACL.VisibilityConfigProperty => ({
      cloudWatchMetricsEnabled: true,
      metricName: name,
      sampledRequestsEnabled: true,
    });
    this.arn = new CfnWebACL(this, 'WebAcl', {
      name: nameIn(stage),
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seenAs(nameIn(stage)),
      rules: [
        {
          name: 'requests',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: maxRequests, evaluationWindowSec: 300, aggregateKeyType: 'IP' } },
          visibilityConfig: seenAs('requests'),
        },
        ...MANAGED.map((name, index) => ({
          name,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
          visibilityConfig: seenAs(name),
        })),
      ],
    }).attrArn;
  }
}
