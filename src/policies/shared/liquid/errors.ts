/** What goes wrong while a template is read or written. */
import { NetException } from '../../../csharp/runtime/exception.ts';

/** A fault that ends the rendering, and with it the policy. */
export function liquidError(text: string): NetException {
  return new NetException('DotLiquid.Exceptions.ArgumentException', `Liquid error: ${text}.`);
}

/** What stands between the marks that are wrong, and how often the same text stands before them. */
export interface LiquidPlace {
  readonly text: string;
  readonly before: number;
}

/** A template that cannot be read; found when the document is loaded. */
export class LiquidSyntaxError extends Error {
  readonly place: LiquidPlace | undefined;

  constructor(message: string, place?: LiquidPlace) {
    super(message);
    this.place = place;
  }
}
