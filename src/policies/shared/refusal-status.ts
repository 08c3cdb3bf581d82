/** The status that an author gives a refusal. */
import { invalidValue } from '../evaluation.ts';

/** Bounds of a literal. */
export const REFUSAL_STATUS = { min: 100, max: 999 };

/** One below 200 would not end the call (RFC 9110, section 15.2). */
const LEAST = 200;

/** The status of a call. Throws PolicyError `ExpressionValueEvaluationFailure` for what no answer can have. */
export function refusalStatus(status: number): number {
  if (Number.isInteger(status) && status >= LEAST && status <= REFUSAL_STATUS.max) return status;
  throw invalidValue(`'${status}' is not a valid status code.`);
}
