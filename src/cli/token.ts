/** `portico token`: why a token is refused, tokens for tests, and what a provider would break. */
import { type Command, Option } from 'commander';
import type { ExplainOptions } from './token-explain.ts';
import type { MintOptions } from './token-mint.ts';
import type { ProvidersOptions } from './token-providers.ts';

const FORMAT = () => new Option('--format <format>', 'output').choices(['pretty', 'json']).default('pretty');

export function register(program: Command): void {
  const token = program.command('token').description('explain tokens, mint them, and check identity providers');
  registerExplain(token);
  registerMint(token);
  registerProviders(token);
}

function registerExplain(token: Command): void {
  token
    .command('explain [token]')
    .description('replay every check of a token against a policy: `-` reads it from standard input, a log line will do')
    .option('--policy <file>', 'policy document that judges the token')
    .option('--dir <directory>', 'policy directory that judges the token')
    .option('--operation <call>', 'the call, as "GET /orders/7"')
    .option('--header <header>', 'another header of the call, as "Name: value"; may be repeated', collect, [])
    .option('--at <time>', 'as if it were then: ISO 8601, or seconds since 1970')
    .option('--keys <file>', "a JSON Web Key Set in place of the provider's")
    .option('--openid-config <file>', "a discovery document in place of the provider's")
    .option('--offline', 'ask no provider')
    .addOption(FORMAT())
    .action(async (argument: string | undefined, options: ExplainOptions) =>
      (await import('./token-explain.ts')).explain(argument, options),
    );
}

function registerMint(token: Command): void {
  token
    .command('mint')
    .description("print a token of a provider's shape, signed with the stand-in's key")
    .option('--provider <name>', 'whose shape (portico token providers list)', 'generic')
    .option('--kind <kind>', 'access (default), client-credentials or id')
    .option('--claim <name=value>', 'a claim; JSON values are taken as such, null leaves it out; may be repeated', collect, [])
    .option('--header <name=value>', 'a header member; may be repeated', collect, [])
    .option('--audience <audience>', 'who the token is for; may be repeated', collect, [])
    .option('--issuer <issuer>', "in place of the provider's")
    .option('--subject <subject>', 'the claim sub')
    .option('--scope <scopes>', 'scopes, under the name and in the form of the provider')
    .option('--expires-in <duration>', 'seconds, or 5m, 2h, 1d; negative: it has ended')
    .option('--set <name=value>', 'a setting or switch of the provider; may be repeated', collect, [])
    .option('--key <file>', 'private key that signs: PEM or JWK')
    .option('--kid <id>', 'key id in the header')
    .option('--alg <algorithm>', 'algorithm for --key')
    .option('--at <time>', 'as if issued then')
    .action(async (options: MintOptions) => (await import('./token-mint.ts')).mint(options));
}

function registerProviders(token: Command): void {
  const providers = token.command('providers').description('the providers that can be imitated, and real ones checked');
  providers
    .command('list')
    .description('the providers whose tokens and documents can be imitated')
    .addOption(FORMAT())
    .action(async (options: ProvidersOptions) => (await import('./token-providers.ts')).listProviders(options));
  providers
    .command('check <url>')
    .description('fetch discovery document and keys, and say what would break under validate-jwt')
    .option('--ca <file>', 'PEM of an authority that is trusted besides the system')
    .addOption(FORMAT())
    .action(async (url: string, options: ProvidersOptions) => (await import('./token-providers.ts')).providersCheck(url, options));
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
