import { Stack } from 'aws-cdk-lib';
import { Function, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface TracesProps {
  /** ARN of a layer of the AWS Distro for OpenTelemetry, with its version: it is of one region and one architecture. */
  readonly layerArn: string;
  /** Where spans are sent (OTLP over HTTP). */
  readonly endpoint: string;
}

/** OpenTelemetry for every function in the stack, by a layer: the code knows nothing of it, and without it costs nothing. */
export class Traces extends Construct {
  constructor(scope: Construct, id: string, { layerArn, endpoint }: TracesProps) {
    super(scope, id);
    const layer = LayerVersion.fromLayerVersionArn(this, 'Layer', layerArn);
    for (const each of Stack.of(this).node.findAll()) {
      if (!(each instanceof Function)) continue;
      each.addLayers(layer);
      each.addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/opt/otel-handler');
      each.addEnvironment('OTEL_SERVICE_NAME', each.node.path);
      each.addEnvironment('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
      each.addEnvironment('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf');
      // W3C's, not X-Ray's.
      each.addEnvironment('OTEL_PROPAGATORS', 'tracecontext,baggage');
    }
  }
}
