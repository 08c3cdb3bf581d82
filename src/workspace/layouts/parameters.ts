import type { Entry } from '../config-file.ts';

/** Values for parameters of templates and variables of Terraform, by name. */
export type Parameters = ReadonlyMap<string, Entry>;
