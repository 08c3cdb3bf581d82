/** `portico init [dir]`: a new policy directory with an API, a policy, portico.yaml and a test that passes. */

import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BASE_POLICY } from '../workspace/base-policy.ts';
import { EXIT } from './output.ts';
import { writeOut } from './write-out.ts';

const POLICY = `<policies>
    <inbound>
        <!-- Runs for every call, before the policies of APIs and operations. -->
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("X-Caller", "somebody"))" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
    <outbound>
        <set-header name="X-Powered-By" exists-action="delete" />
    </outbound>
    <on-error />
</policies>
`;

const OPERATION_POLICY = `<policies>
    <inbound>
        <base />
        <return-response>
            <set-status code="200" reason="OK" />
            <set-header name="Content-Type" exists-action="override">
                <value>text/plain</value>
            </set-header>
            <set-body>@("{{greeting}}, " + context.Request.MatchedParameters["name"] + ", says " + (string)context.Variables["caller"])</set-body>
        </return-response>
    </inbound>
</policies>
`;

const SPECIFICATION = `openapi: 3.0.3
info:
  title: Hello
  version: '1.0'
servers:
  - url: https://hello.example.org
paths:
  /{name}:
    get:
      operationId: greet
      summary: Greets somebody
      parameters:
        - { name: name, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: A greeting
`;

const TEST = `suite: hello
policies: .
tests:
  - name: greets by name
    request: GET /hello/Ada
    expect:
      status: 200
      headers: { content-type: text/plain }
      body: Hello, Ada, says somebody
      forwarded: none
  - name: says who asked
    request:
      method: GET
      url: /hello/Ada
      headers: { X-Caller: Grace }
    expect:
      body: Hello, Ada, says Grace
  - name: answers 404 elsewhere
    request: GET /nowhere
    expect:
      status: 404
`;

const json = (properties: object) => `${JSON.stringify({ properties }, undefined, 2)}\n`;

const PORTICO_YAML = `# What this machine adds to the directory: secrets, backends, keys, the port. Azure never sees it.
port: 8080
named-values:
  greeting: \${env:GREETING:-Hello}
environments:
  dev:
    named-values:
      greeting: Hi
`;

/** The line by which editors find the schema. */
function named(directory: string, schema: string): string {
  return `# yaml-language-server: $schema=${schemaPath(directory, `${schema}.schema.json`)}\n`;
}

function filesFor(directory: string): ReadonlyMap<string, string> {
  return new Map([
    ['policy.xml', POLICY],
    ['apis/hello/apiInformation.json', json({ displayName: 'Hello', path: 'hello', protocols: ['https'], subscriptionRequired: false })],
    ['apis/hello/specification.yaml', SPECIFICATION],
    ['apis/hello/policy.xml', BASE_POLICY],
    ['apis/hello/operations/greet/policy.xml', OPERATION_POLICY],
    ['portico.yaml', named(directory, 'portico') + PORTICO_YAML],
    ['hello.test.yaml', named(directory, 'portico-test') + TEST],
  ]);
}

export function register(program: Command): void {
  program
    .command('init [directory]')
    .description('make a new policy directory with a policy, portico.yaml and a passing test')
    .option('--force', 'overwrite files that are there')
    .addHelpText('after', '\nExit code: 0 made, 1 files are in the way, 2 wrong use.')
    .action((directory: string | undefined, { force = false }: { readonly force?: boolean }) => {
      process.exitCode = init(directory ?? '.', force);
    });
}

function init(directory: string, force: boolean): number {
  const files = [...filesFor(directory)].map(([name, text]) => ({ path: join(directory, name), text }));
  const inTheWay = force ? [] : files.filter(({ path }) => existsSync(path));
  if (inTheWay.length > 0) {
    for (const { path } of inTheWay) process.stderr.write(`in the way: ${path}\n`);
    process.stderr.write('nothing is written (--force overwrites)\n');
    return EXIT.problems;
  }
  for (const { path, text } of files) {
    writeOut(path, text);
    process.stdout.write(`wrote ${path}\n`);
  }
  const place = directory === '.' ? '' : ` ${directory}`;
  process.stdout.write(
    `\nNext:\n  portico check${place}\n  portico test${place}\n  portico run${place}    then: curl http://127.0.0.1:8080/hello/Ada\n`,
  );
  return EXIT.clean;
}

/** The schema that is shipped, as seen from the directory. */
function schemaPath(directory: string, name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = ['../schemas', '../../schemas'].map((folder) => resolve(here, folder, name)).find(existsSync);
  if (found === undefined) return name;
  const path = relative(resolve(directory), found).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
