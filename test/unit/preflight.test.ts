import { describe, expect, test } from '@jest/globals';
import {
  checksOf,
  deployedConcurrencyCheck,
  fixedCosts,
  purgeCost,
  type AccountFacts,
} from '../../tools/cli/preflight.ts';
import type { Template } from '../../tools/inventory/template.ts';

const facts: AccountFacts = {
  account: '123456789012',
  region: 'eu-west-1',
  bootstrapVersion: 28,
  concurrency: { quota: 1000, unreserved: 1000 },
  distributions: 3,
  eventBuses: 1,
  certificate: undefined,
  ownReserved: 0,
  isDeployed: false,
};

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f';

/** A function with 200 reserved, one that a queue calls up to 50 times at once, and a distribution with a domain. */
const template: Template = {
  Resources: {
    Deliver: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'pressrun-prod-deliver', ReservedConcurrentExecutions: 200 },
    },
    Store: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'pressrun-prod-store', Environment: { Variables: { PURGE_BUDGET: '41000' } } },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Store' },
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        ScalingConfig: { MaximumConcurrency: 50 },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Aliases: ['news.example.com'],
          ViewerCertificate: { AcmCertificateArn: certificateArn },
        },
      },
    },
  },
};

const wrongIn = (more: Partial<AccountFacts>): string[] =>
  checksOf({ ...facts, ...more }, template)
    .filter(({ state }) => state === 'wrong')
    .map(({ what }) => what);

describe('preflight before a deployment', () => {
  test('finds nothing wrong with an account that has everything', () => {
    expect(wrongIn({ certificate: { status: 'ISSUED', names: ['news.example.com'] } })).toEqual([]);
    expect(wrongIn({ certificate: { status: 'ISSUED', names: ['example.com', '*.example.com'] } })).toEqual([]);
  });

  test.each<[string, Partial<AccountFacts>]>([
    ['region', { region: 'eu-central-2' }],
    ['bootstrap', { bootstrapVersion: undefined }],
    ['bootstrap', { bootstrapVersion: 3 }],
    ['Lambda concurrency', { concurrency: { quota: 10, unreserved: 10 } }],
    ['Lambda concurrency', { concurrency: { quota: 299, unreserved: 299 } }],
    ['CloudFront distributions', { distributions: 200 }],
    ['event buses', { eventBuses: 100 }],
    ['certificate', { certificate: { status: 'PENDING_VALIDATION', names: ['news.example.com'] } }],
    ['certificate', { certificate: { status: 'ISSUED', names: ['www.example.com', '*.news.example.com'] } }],
  ])('names what is missing, %s: %j', (what, more) => {
    expect(wrongIn(more)).toEqual([what]);
  });

  test('does not count the share that a deployed stage already uses', () => {
    expect(
      wrongIn({
        isDeployed: true,
        ownReserved: 200,
        concurrency: { quota: 400, unreserved: 200 },
        distributions: 200,
        eventBuses: 100,
      }),
    ).toEqual([]);
  });

  test('does not fail for quotas that AWS does not report', () => {
    expect(wrongIn({ concurrency: undefined, distributions: undefined, eventBuses: undefined })).toEqual([]);
  });

  test('names the fixed costs of a month', () => {
    expect(
      fixedCosts(
        new Map([
          ['AWS::CloudWatch::Alarm', 48],
          ['AWS::SQS::Queue', 16],
        ]),
      ),
    ).toEqual([{ what: '48 alarms', dollars: 48 * 0.1 }]);
    expect(purgeCost(template)).toMatch(/^purges: up to \$200\.00 for 41000 paths a month/);
    expect(purgeCost({ Resources: {} })).toMatch(/without a bound/);
  });
});

describe('preflight of a deployed stack, by its template', () => {
  test.each([
    // Its own 200 are reserved: 1,000 less 200 are unreserved, and 50 of these are needed.
    [{ quota: 1000, unreserved: 800 }, 'right'],
    [{ quota: 250, unreserved: 50 }, 'wrong'],
    [{ quota: 350, unreserved: 100 }, 'right'],
    [{ quota: 320, unreserved: 120 }, 'right'],
    [undefined, 'unknown'],
  ])('finds that the concurrency %j is %s', (concurrency, state) => {
    expect(deployedConcurrencyCheck(concurrency, template)).toMatchObject({ what: 'Lambda concurrency', state });
  });

  test('knows nothing without the template', () => {
    expect(deployedConcurrencyCheck({ quota: 10, unreserved: 10 }, undefined)).toMatchObject({ state: 'unknown' });
  });
});
