import { describe, expect, test } from '@jest/globals';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, NagRuleCompliance, ServerlessChecks } from 'cdk-nag';
import type { IApplyRule, NagPack } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { everything } from './settings-at-bounds.ts';
import { synthesise } from './synthesised.ts';

const packs = [AwsSolutionsChecks, ServerlessChecks];

/** Findings that are not acknowledged: the rule and its place. */
function findingsIn(scope: IConstruct): string[] {
  return packs
    .flatMap((Pack) => new Pack().validateScope(scope).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath ?? ''}`),
    );
}

interface Finding {
  readonly id: string;
  readonly node: CfnResource;
}

/** All findings of the packs, acknowledged or not. */
function rawFindingsIn(scope: IConstruct): Finding[] {
  const found: Finding[] = [];
  const synthesisJob = (pack: NagPack): NagPack =>
    Object.assign(pack, {
      applyRule(params: IApplyRule) {
        const { node, ruleSuffixOverride = params.rule.name } = params;
        const id = `${pack.readPackName}-${ruleSuffixOverride}`;
        const result = params.rule(node);
        if (Array.isArray(result)) found.push(...result.map((finding) => ({ id: `${id}[${finding}]`, node })));
        else if (result === NagRuleCompliance.NON_COMPLIANT) found.push({ id, node });
      },
    });
  for (const Pack of packs) synthesisJob(new Pack()).validateScope(scope);
  return found;
}

/** Every acknowledgement in the stack, and the construct that it is on. */
function acknowledgementsIn(
  scope: IConstruct,
): { readonly id: string; readonly reason: string; readonly on: IConstruct }[] {
  return scope.node.findAll().flatMap((on) =>
    on.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ id: id.replace(/^annotation::/i, ''), reason, on })),
  );
}

describe('cdk-nag', () => {
  describe.each<[string, Record<string, string>]>([
    ['a stage to try things on', { stage: 'dev' }],
    ['production, with every optional part', everything],
  ])('%s', (_, context) => {
    const { stack } = synthesise(context);

    test('has no finding without a reason', () => {
      expect(findingsIn(stack)).toEqual([]);
    });

    test('has no acknowledgement that is not needed, and none without a reason', () => {
      const found = rawFindingsIn(stack);
      const acknowledged = acknowledgementsIn(stack);
      // A construct that is used many times gives its reasons each time; one of them must be needed.
      const needed = new Set(
        acknowledged
          .filter(({ id, on }) => found.some((finding) => finding.id === id && finding.node.node.scopes.includes(on)))
          .map(({ id, reason }) => `${id}: ${reason}`),
      );
      expect(acknowledged.map(({ id, reason }) => `${id}: ${reason}`).filter((line) => !needed.has(line))).toEqual([]);
      for (const { reason } of acknowledged) expect(reason).toMatch(/^.{20,}[."]$/);
    });
  });

  test('finds a bucket that is not configured as the others are', () => {
    const stack = new Stack(new App(), 'stack');
    new Bucket(stack, 'Bucket');
    expect(findingsIn(stack)).toEqual([
      'AwsSolutions-S1 stack/Bucket/Resource',
      'AwsSolutions-S10 stack/Bucket/Resource',
    ]);
  });
});
