import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { watchHeader } from '../shared/trace/publish-trace.ts';
import { deployedRegion } from './regions.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { InvalidSetting } from './stage-name.ts';

export interface WebAclProps {
  readonly stage: Stage;
  /** Value of the header by which the watcher passes. */
  readonly watchToken: string;
  /** Requests from one IP address within five minutes, before it is blocked until its rate falls. */
  readonly maxRequests: number;
}

/**
 * AWS's managed rules: IP reputation and known bad inputs. The core rule set is left out, because it blocks feed
 * readers without a User-Agent.
 */
const MANAGED = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** Blocks floods and known attackers at the CDN. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { stage, maxRequests, watchToken }: WebAclProps) {
    super(scope, id);
    const region = deployedRegion();
    if (region !== undefined && region !== 'us-east-1') {
      throw new InvalidSetting(
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
          // The watcher requests each change of each list, from addresses that it shares with other functions.
          name: 'watch',
          priority: 0,
          action: { allow: {} },
          statement: {
            byteMatchStatement: {
              fieldToMatch: { singleHeader: { Name: watchHeader } },
              positionalConstraint: 'EXACTLY',
              searchString: watchToken,
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
          visibilityConfig: seenAs('watch'),
        },
        {
          name: 'requests',
          priority: 1,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: maxRequests, evaluationWindowSec: 300, aggregateKeyType: 'IP' } },
          visibilityConfig: seenAs('requests'),
        },
        ...MANAGED.map((name, index) => ({
          name,
          priority: index + 2,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
          visibilityConfig: seenAs(name),
        })),
      ],
    }).attrArn;
  }
}
