import { describe, expect, it } from 'vitest';
import { bind } from './support.ts';

const reads = (code: string) => {
  const found = bind(code).program?.reads;
  return [found?.request === true ? 'request' : '', found?.response === true ? 'response' : ''].join(' ').trim();
};

describe('which bodies a program reads', () => {
  it.each([
    ['context.Request.Body.As<string>()', 'request'],
    ['context.Response.Body.As<string>(true)', 'response'],
    ['context.Request.Method', ''],
    ['context.Response == null ? 0 : context.Response.StatusCode', ''],
    ['context.Response is null', ''],
    ['context.Response?.StatusCode', ''],
    ['context.Response?.Body?.As<string>()', 'response'],
    ['var r = context.Request; return r.Method;', 'request'],
    ['var c = context; return c.Request.Body.As<string>() + c.Response.StatusCode;', 'request'],
    ['((ITestResponse)context.Variables["other"]).Body.As<string>()', ''],
    ['new[] { 1 }.Select(x => context.Request.Body.As<string>()).First()', 'request'],
  ])('%s', (code, expected) => {
    expect(reads(code)).toBe(expected);
  });
});
