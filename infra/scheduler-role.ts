import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

/**
 * Role of the schedules in one group. Its trust policy names the group, so that no other schedule can assume it
 * (confused deputy).
 */
export function schedulerRole(scope: Construct, id: string, { scheduleGroupArn }: ScheduleGroup): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account, 'aws:SourceArn': scheduleGroupArn } },
    }),
  });
}
