/** The certificates of portico.yaml as expressions of a running gateway see them. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { policy, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const pem = (name: string) => readFileSync(new URL(`../policies/certificates/${name}.pem`, import.meta.url), 'utf8');
const made = (name: string) => `new X509Certificate2(Convert.FromBase64String("${new X509Certificate(pem(name)).raw.toString('base64')}"))`;

it('are listed by thumbprint, and issue what is valid', async () => {
  const values = [
    'string.Join(",", context.Deployment.Certificates.Keys)',
    `${made('client')}.Verify()`,
    `${made('client')}.VerifyNoRevocation()`,
    `${made('stranger')}.Verify()`,
  ];
  const answer = `<return-response><set-body>@(${values.join(' + "|" + ')})</set-body></return-response>`;
  const running = await stage.gateway({
    'policy.xml': policy(answer),
    'authority.pem': pem('authority'),
    'portico.yaml': 'certificates: { authority: { certificate: authority.pem } }\n',
  });
  const { fingerprint } = new X509Certificate(pem('authority'));
  expect(await (await fetch(running.address)).text()).toBe(`${fingerprint.replaceAll(':', '')}|True|True|False`);
});
