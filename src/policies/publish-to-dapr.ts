import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required } from './definition.ts';
import { bodyReader } from './shared/body-element.ts';
import { DAPR_ATTRIBUTES, daprCaller, inPath, withTemplate } from './shared/dapr.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<publish-to-dapr>`: publishes a message to a topic through the Dapr sidecar. */
export const publishToDapr: PolicyDefinition = {
  name: 'publish-to-dapr',
  summary: 'Publishes a message to a Dapr topic.',
  page: 'publish-to-dapr-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  gateways: ['self-hosted'],
  cardinality: 'any',
  attributes: [
    optional('pubsub-name', 'string', 'Component; without it the topic is `pubsub/topic`.'),
    required('topic', 'string', 'Topic.'),
    ...DAPR_ATTRIBUTES,
  ],
  content: 'body',
  text: { type: 'any', expressions: true, required: false },
  compile: compilePublish,
};

function compilePublish(element: PolicyElement, compiler: PolicyCompiler): Step {
  const pubsub = element.text('pubsub-name');
  const topic = needed(element.text('topic'), 'topic');
  const message = bodyReader(withTemplate(element, element), compiler);
  const contentType = element.literal('content-type');
  const call = daprCaller(element);
  return (exchange) => {
    const component = pubsub?.read(exchange) ?? '';
    const name = topic.read(exchange) ?? '';
    if (component === '' && !name.includes('/')) throw noComponent(name);
    const path = `publish/${inPath(component === '' ? name : `${component}/${name}`)}`;
    return call({ path, body: message(exchange) ?? '', contentType }, exchange);
  };
}

function noComponent(topic: string): PolicyError {
  return new PolicyError({ reason: null, message: `Topic '${topic}' needs a pubsub-name, or the form 'pubsub/topic'.` });
}
