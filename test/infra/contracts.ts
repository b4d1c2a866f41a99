import { describe, expect, test } from '@jest/globals';
import { contracts } from '../../shared/events/contract.ts';
import { synthesise } from './synthesised.ts';

describe('the schema registry', () => {
  const { template } = synthesise({ stage: 'dev' });

  test('has every event, with the envelope that the bus puts around it', () => {
    const schemas = Object.values(template.findResources('AWS::EventSchemas::Schema')).map(
      ({ Properties }) => Properties as Record<string, string>,
    );
    expect(schemas.map(({ SchemaName }) => SchemaName).sort()).toEqual(
      contracts.map(({ event, direction }) => (direction === 'out' ? `pressrun@${event}` : event)).sort(),
    );
    for (const { Type, Content = '' } of schemas) {
      expect(Type).toBe('OpenApi3');
      expect(JSON.parse(Content)).toMatchObject({
        openapi: '3.0.0',
        components: { schemas: { AWSEvent: { type: 'object' }, Detail: { type: 'object' } } },
      });
      // Code generators resolve references within the same document only.
      const referred = [...Content.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
      const { components } = JSON.parse(Content) as { components: { schemas: Record<string, unknown> } };
      expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(referred));
      expect(Content.length).toBeLessThan(100_000);
    }
    template.hasResourceProperties('AWS::EventSchemas::Registry', { RegistryName: 'pressrun-dev' });
  });
});
