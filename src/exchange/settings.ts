import { DEFAULT_BODY_LIMIT } from './body.ts';

/** Switches for points on which the service's behaviour is not settled; `pipeline/decisions.ts` explains each. */
export interface ExchangeSettings {
  /** `context.Variables["missing"]`: .NET's KeyNotFoundException, or null. */
  readonly missingVariable: 'throw' | 'null';
  /** `GetValueOrDefault<T>` when the variable has another type: InvalidCastException, or the default. */
  readonly wrongVariableType: 'throw' | 'default';
  /** Default of cors' terminate-unmatched-request. */
  readonly corsTerminateUnmatched: boolean;
  /** A set-backend-service with base-url has no effect after one with backend-id. */
  readonly backendIdWins: boolean;
  /** Bytes that a body may have when it is read into memory. */
  readonly bodyLimit: number;
}

export const DEFAULT_SETTINGS: ExchangeSettings = {
  missingVariable: 'throw',
  wrongVariableType: 'throw',
  corsTerminateUnmatched: false,
  backendIdWins: true,
  bodyLimit: DEFAULT_BODY_LIMIT,
};
