import { describe, expect, it } from 'vitest';
import { toHostError } from '../../src/host/node-failure.ts';

const coded = (code: string, message = 'text') => Object.assign(new Error(message), { code });

describe('a call that fails', () => {
  it.each([
    ['UND_ERR_SOCKET', 'closed', 'Underlying transport connection was unexpectedly closed.'],
    ['ECONNRESET', 'closed', 'Underlying transport connection was unexpectedly closed.'],
    ['CERT_HAS_EXPIRED', 'closed', 'Underlying transport connection was unexpectedly closed. (CERT_HAS_EXPIRED)'],
    ['ECONNREFUSED', 'connect', 'Unable to connect to the remote server (ECONNREFUSED)'],
  ])('with %s is %s', (code, reason, message) => {
    expect(toHostError(coded(code))).toMatchObject({ reason, message });
  });
});
