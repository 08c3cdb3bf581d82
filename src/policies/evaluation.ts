import { BudgetExhausted } from '../csharp/runtime/budget.ts';
import { NetException } from '../csharp/runtime/exception.ts';
import { forwardFailure } from '../exchange/forward.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { HostError } from '../host/host.ts';
import { errorText } from '../source/error-text.ts';

/** errors.yaml: an expression that throws gives this reason, and this text before the exception's own. */
const REASON = 'ExpressionValueEvaluationFailure';

/** A throwing expression as the pipeline reports it; `path` when the place is finer than the policy's. */
export function evaluationFailure(error: NetException | BudgetExhausted, path?: string): PolicyError {
  return new PolicyError({
    reason: REASON,
    message: `Expression evaluation failed. ${reportedText(error)}`,
    cause: error,
    ...(path === undefined ? {} : { path }),
  });
}

/** Some exceptions are reported with a sentence of the gateway's before their own text (bodies that are no JSON). */
export function reportedText(error: NetException | BudgetExhausted): string {
  const reported = error instanceof NetException ? error.details.reported : undefined;
  return typeof reported === 'string' ? reported : error.message;
}

/** A value that a policy cannot use, such as a header text with a line break. */
export function invalidValue(detail: string): PolicyError {
  return new PolicyError({ reason: REASON, message: `Expression value is invalid. ${detail}` });
}

/** Any failure of a step as PolicyError: one it is already, a .NET exception, or a fault of ours (generic 500). */
export function asPolicyError(error: unknown): PolicyError {
  if (error instanceof PolicyError) return error;
  if (error instanceof NetException || error instanceof BudgetExhausted) return evaluationFailure(error);
  // A body that breaks off while a policy reads it.
  if (error instanceof HostError) return forwardFailure(error);
  const message = errorText(error);
  return new PolicyError({ reason: 'InternalError', message, cause: error });
}
