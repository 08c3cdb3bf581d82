/** What goes wrong with a stylesheet. */
import { NetException } from '../../csharp/runtime/exception.ts';

/** The stylesheet cannot be compiled; found when the document is loaded. User text stands in backticks. */
export class StylesheetError extends Error {}

/** A transformation that fails while it runs. */
export function transformFailure(text: string): NetException {
  return new NetException('System.Xml.Xsl.XslTransformException', text);
}
