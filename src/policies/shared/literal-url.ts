import * as faults from '../faults.ts';

/** What is wrong with a literal that is no absolute URL. */
export function urlFault(what: string, text: string): faults.Fault {
  return PLACEHOLDER.test(text) ? faults.unfilledUrl(what, text) : faults.notAbsoluteUrl(what, text);
}

/**
 * What a pipeline fills in before the document is saved: `#{name}#` and `#name#` (Azure DevOps, Octopus), `__name__` and `$(name)`
 * (Azure DevOps), `${name}` (Terraform, envsubst), `%name%`, `{name}` and `<name>`.
 */
const PLACEHOLDER = /#[\w.-]{1,200}#|__[\w.-]{1,200}__|\$\([^()]{1,200}\)|\{[^{}]{1,200}\}|%[A-Z_][\w.-]{1,200}%|<[^<>]{1,200}>/i;
