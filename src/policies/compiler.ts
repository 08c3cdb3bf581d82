/** What a policy sees of the document while it is compiled; the pipeline implements it. */

import type { Backend, SchemaSource } from '../exchange/entities.ts';
import type { ScopeName, SectionName, StepInfo } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { CertificateChecker } from '../identity/certificates/checker.ts';
import type { TokenValidator } from '../identity/token-validator.ts';
import type { Span } from '../source/span.ts';
import type { XmlElement } from '../xml/tree.ts';
import type { Fault } from './faults.ts';
import type { StepList, StepReads } from './step.ts';

/** A value of the document: a constant, or something computed each time. */
export interface Input<T> {
  /** The value when it is the same for every call; undefined for expressions. */
  readonly constant: T | undefined;
  readonly isExpression: boolean;
  /** Bodies that computing it reads. */
  readonly reads: StepReads;
  /** Computes it. Throws PolicyError `ExpressionValueEvaluationFailure` when the expression throws. */
  read(exchange: Exchange): T;
}

/** A checked element: attributes compiled as declared, children by name. */
export interface PolicyElement {
  readonly name: string;
  readonly xml: XmlElement;
  /** `choose[1]/when[2]` */
  readonly path: string;
  has(attribute: string): boolean;
  /** The literal text of an attribute that takes no expressions; undefined when it is not there (or wrong). */
  literal(attribute: string): string | undefined;
  /** Text; null when an expression gives null. Undefined when the attribute is not there. */
  text(attribute: string): Input<string | null> | undefined;
  /** A whole or decimal number; an expression may give a number or a text that holds one. */
  number(attribute: string): Input<number> | undefined;
  boolean(attribute: string): Input<boolean> | undefined;
  /** An object-represented .NET value. */
  object(attribute: string): Input<unknown> | undefined;
  /** The element's own text as text, trimmed unless it is a body; undefined when there is none. */
  content(): Input<string | null> | undefined;
  /** The element's own text; an expression keeps its .NET value, so that byte[] stays bytes. */
  contentObject(): Input<unknown> | undefined;
  /** Child elements, of one name if given. */
  children(name?: string): readonly PolicyElement[];
  /** For content `policies`: the compiled children. */
  steps(): StepList;
}

export interface PolicyCompiler {
  readonly section: SectionName;
  readonly scope: ScopeName;
  readonly info: StepInfo;
  /** What the document names is assumed to exist. */
  readonly standalone: boolean;
  /** Something is wrong with this element. */
  report(fault: Fault, at: Span): void;
  /** What the workspace knows. */
  readonly services: PolicyServices;
  /** Adds to what is buffered before this step. */
  reads(reads: Partial<StepReads>): void;
}

/** What the workspace knows, for policies that name things. */
export interface PolicyServices {
  /** The backend entity of that name; undefined when there is none. */
  backend(id: string): Backend | undefined;
  hasBackend(id: string): boolean;
  hasCertificate(id: string): boolean;
  /** A JSON schema of the service; left out where there are none. */
  schema?(id: string): SchemaSource | undefined;
  /** The text of an XML schema of the service; left out where there are none. */
  xmlSchema?(id: string): string | undefined;
  readonly tokens: TokenValidator | undefined;
  /** Checks callers' certificates; left out where each policy may have its own. */
  readonly certificates?: CertificateChecker | undefined;
  /** Where local services stand in for Azure's; left out where there are none. */
  readonly standIns?: StandIns;
  /** A gate counter that lives as long as the gateway, for limit-concurrency. */
  readonly gates: Map<string, number>;
}

/** Local services in place of Azure's that speak no HTTP (portico.yaml, `stand-ins`). */
export interface StandIns {
  /** URL that takes the statements of sql-data-source. */
  readonly sql?: string | undefined;
  /** URL of a Service Fabric service, by backend id or service instance name. */
  readonly serviceFabric: ReadonlyMap<string, string>;
}
