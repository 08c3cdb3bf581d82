/** Wording of flow analysis: the compiler's own codes and texts. */
import type { Span } from '../../source/span.ts';
import type { SyntaxFault } from '../syntax/ast.ts';

type Severity = SyntaxFault['severity'];

function fault(code: string, message: string, span: Span, help?: string, severity: Severity = 'error'): SyntaxFault {
  return { code, severity, message, span, ...(help !== undefined && { help }) };
}

export function notAllPathsReturn(method: string, span: Span): SyntaxFault {
  return fault('CS0161', `'${method}': not all code paths return a value`, span, 'end every path with `return …;` or `throw …;`');
}
export function lambdaNotAllPathsReturn(what: string, type: string, span: Span): SyntaxFault {
  return fault(
    'CS1643',
    `Not all code paths return a value in ${what} of type '${type}'`,
    span,
    'end every path with `return …;` or `throw …;`',
  );
}
export function unreachableCode(span: Span): SyntaxFault {
  return fault('CS0162', 'Unreachable code detected', span, undefined, 'warning');
}
export function unassignedLocal(name: string, span: Span): SyntaxFault {
  return fault('CS0165', `Use of unassigned local variable '${name}'`, span, `give \`${name}\` a value on every path that leads here`);
}
export function unassignedOut(name: string, span: Span): SyntaxFault {
  return fault('CS0269', `Use of unassigned out parameter '${name}'`, span);
}
export function outNotAssigned(name: string, span: Span): SyntaxFault {
  return fault('CS0177', `The out parameter '${name}' must be assigned to before control leaves the current method`, span);
}
export function fallsThrough(label: string, span: Span): SyntaxFault {
  return fault(
    'CS0163',
    `Control cannot fall through from one case label ('${label}') to another`,
    span,
    'end the section with `break;` or `return …;`',
  );
}
export function fallsOut(label: string, span: Span): SyntaxFault {
  return fault(
    'CS8070',
    `Control cannot fall out of switch from final case label ('${label}')`,
    span,
    'end the section with `break;` or `return …;`',
  );
}
