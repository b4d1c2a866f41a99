import { Stack } from 'aws-cdk-lib';
import { Function, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface TracesProps {
  /**
   * ARN of a layer of the AWS Distro for OpenTelemetry, with its version. A layer is for one region and one
   * architecture.
   */
  readonly layerArn: string;
  /** OTLP/HTTP endpoint that receives the spans. */
  readonly endpoint: string;
}

/** Adds an OpenTelemetry layer to every function of the stack. The functions' code does not depend on it. */
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
      // W3C Trace Context instead of X-Ray's header.
      each.addEnvironment('OTEL_PROPAGATORS', 'tracecontext,baggage');
    }
  }
}
