/** JContainer.Merge with its settings. */
import { KIND } from './kinds.ts';
import { JArray, JConstructor, JContainer, JObject, JProperty, JToken, toToken } from './tokens.ts';

/** `JsonMergeSettings`: MergeArrayHandling, MergeNullValueHandling and PropertyNameComparison. */
export interface MergeOptions {
  /** 0 Concat, 1 Union, 2 Replace, 3 Merge. */
  readonly arrays: number;
  /** Whether a null replaces a value (MergeNullValueHandling.Merge). */
  readonly nulls: boolean;
  readonly sameName: ((a: string, b: string) => boolean) | undefined;
}

export const DEFAULT_MERGE: MergeOptions = { arrays: 0, nulls: false, sameName: undefined };

export function merge(target: JContainer, content: unknown, options: MergeOptions): void {
  if (target instanceof JObject && content instanceof JObject) mergeObjects(target, content, options);
  else if (target instanceof JArray && isItems(content)) mergeItems(target, content, options);
  else if (target instanceof JProperty && content instanceof JProperty) mergeProperties(target, content, options);
  else if (target instanceof JConstructor && content instanceof JConstructor) mergeItems(target, content, options);
}

function isItems(content: unknown): content is Iterable<unknown> {
  if (content instanceof JToken) return content instanceof JArray;
  return typeof content === 'object' && content !== null && Symbol.iterator in content;
}

function mergeObjects(target: JObject, content: JObject, options: MergeOptions): void {
  for (const property of [...content.properties]) {
    const existing =
      target.property(property.name) ?? target.properties.find((one) => options.sameName?.(one.name, property.name) === true);
    if (existing === undefined) target.netAddItem(property.name, property.value);
    else if (property.value !== null) mergeProperty(existing, property.value, options);
  }
}

function mergeProperty(existing: JProperty, value: JToken, options: MergeOptions): void {
  const present = existing.value;
  if (present instanceof JContainer && present.kind === value.kind) merge(present, value, options);
  else if (value.kind !== KIND.Null || options.nulls) existing.value = value;
}

function mergeProperties(target: JProperty, content: JProperty, options: MergeOptions): void {
  if (content.value !== null) mergeProperty(target, content.value, options);
}

function mergeItems(target: JContainer, content: Iterable<unknown>, options: MergeOptions): void {
  if (options.arrays === 1) return union(target, content);
  if (options.arrays === 3) return mergeByPosition(target, content, options);
  const items = [...content];
  if (options.arrays === 2) target.clearItems();
  for (const item of items) target.addContent(target.children.length, item);
}

function union(target: JContainer, content: Iterable<unknown>): void {
  for (const item of [...content]) {
    const token = toToken(item);
    if (!target.children.some((one) => one.deepEquals(token))) target.addContent(target.children.length, token);
  }
}

function mergeByPosition(target: JContainer, content: Iterable<unknown>, options: MergeOptions): void {
  for (const [at, item] of [...content].entries()) {
    const present = target.children[at];
    if (present === undefined) target.addContent(target.children.length, item);
    else if (present instanceof JContainer) mergeContainer(target, at, present, item, options);
    else if (item !== null && toToken(item).kind !== KIND.Null) target.setItem(at, toToken(item));
  }
}

function mergeContainer(target: JContainer, at: number, present: JContainer, item: unknown, options: MergeOptions): void {
  if (item instanceof JToken && item.kind !== present.kind) {
    if (item.kind !== KIND.Null) target.setItem(at, item);
  } else merge(present, item, options);
}
