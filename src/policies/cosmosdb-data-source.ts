import type { Exchange } from '../exchange/exchange.ts';
import { childElements } from '../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, type PolicyDefinition, valueChild } from './definition.ts';
import * as faults from './faults.ts';
import { callOut } from './shared/call.ts';
import { connectionString } from './shared/connection-string.ts';
import { type CosmosAccount, cosmosRequest } from './shared/cosmos.ts';
import { OPERATIONS, operationOf } from './shared/cosmos-operation.ts';
import { needed } from './shared/inputs.ts';
import { checkResponse, finishField, PREVIEW_GATEWAYS, RESPONSE_PART } from './shared/resolver.ts';
import { runSteps, type Step } from './step.ts';

const CONNECTION: ChildDeclaration = {
  name: 'connection-info',
  min: 1,
  max: 1,
  content: 'children',
  attributes: [],
  children: [
    connectionString(),
    valueChild('database-name', 1, 1, { required: true }),
    valueChild('container-name', 1, 1, { required: true }),
  ],
};

/** `<cosmosdb-data-source>`: the document of a GraphQL resolver that asks Cosmos DB, through its REST API. */
export const cosmosdbDataSource: PolicyDefinition = {
  name: 'cosmosdb-data-source',
  summary: 'Resolves a GraphQL field by one Cosmos DB request.',
  page: 'cosmosdb-data-source-policy',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: PREVIEW_GATEWAYS,
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [CONNECTION, ...OPERATIONS, RESPONSE_PART],
  compile: compileCosmos,
};

const NAMES = OPERATIONS.map(({ name }) => name);

function compileCosmos(element: PolicyElement, compiler: PolicyCompiler): Step {
  checkResponse(element, compiler);
  const requests = childElements(element.xml).filter(({ name }) => NAMES.includes(name));
  if (requests.length === 0) compiler.report(faults.missingChoice(element.name, NAMES), element.xml.nameSpan);
  if (requests.length > 1) compiler.report(faults.manyChoices(element.name, NAMES), requests[1]?.nameSpan ?? element.xml.nameSpan);
  const account = accountReader(element.children('connection-info')[0]);
  const request = element.children().find(({ name }) => NAMES.includes(name));
  const before = request?.steps() ?? [];
  const operation = operationOf(request ?? element, compiler);
  const response = element.children('response')[0]?.steps();
  return async (exchange) => {
    await runSteps(before, exchange);
    const answer = await callOut(await cosmosRequest(account(exchange), operation.call(exchange), exchange), exchange);
    const value = operation.result(answer);
    if (value !== undefined) {
      answer.body.set(value);
      answer.status = 200;
    }
    return finishField(answer, response, exchange);
  };
}

function accountReader(info: PolicyElement | undefined): (exchange: Exchange) => CosmosAccount {
  const connection = info?.children('connection-string')[0];
  const text = needed(connection?.content(), 'connection-string');
  const managed = connection?.boolean('use-managed-identity');
  const identity = { clientId: connection?.literal('client-id') };
  const database = needed(info?.children('database-name')[0]?.content(), 'database-name');
  const container = needed(info?.children('container-name')[0]?.content(), 'container-name');
  return (exchange) => ({
    connectionString: text.read(exchange) ?? '',
    database: database.read(exchange) ?? '',
    container: container.read(exchange) ?? '',
    identity: managed?.read(exchange) ? identity : undefined,
  });
}
