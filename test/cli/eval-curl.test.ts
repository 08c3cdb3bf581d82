import { describe, expect, it } from 'vitest';
import { callOfCurl } from '../../src/cli/eval-curl.ts';
import { readCallFile } from '../../src/cli/eval-request-file.ts';
import { shellWords } from '../../src/cli/eval-shell.ts';

const FILES: Readonly<Record<string, string>> = { 'a.json': '{\n"a":1}\n', 'b.txt': 'x y' };
const read = (path: string) => new TextEncoder().encode(FILES[path] ?? '');

/** `METHOD url | name: value | … | body` */
function told(command: string): string {
  const { method, url, headers, body } = callOfCurl(command, read);
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []));
  const text = body === undefined ? [] : [typeof body === 'string' ? body : new TextDecoder().decode(body)];
  return [`${method} ${url}`, ...lines, ...text].join(' | ');
}

const FORM = 'Content-Type: application/x-www-form-urlencoded';

describe('curl commands', () => {
  it.each([
    ['curl https://h/p', 'GET https://h/p | Accept: */*'],
    ['curl localhost:8080/p -I', 'HEAD localhost:8080/p | Accept: */*'],
    ["$ curl -X POST https://h -H 'A: 1' -d 'x=1'", `POST https://h | A: 1 | Accept: */* | ${FORM} | x=1`],
    ['curl -sSLXPUT --url https://h', 'PUT https://h | Accept: */*'],
    ['curl https://h -HA:1 -d a=1 -d b=2', `POST https://h | A: 1 | Accept: */* | ${FORM} | a=1&b=2`],
    ['curl https://h/?q=1 -G -d a=1 --data-urlencode "b=x y"', 'GET https://h/?q=1&a=1&b=x%20y | Accept: */*'],
    ['curl https://h --json @a.json', 'POST https://h | Content-Type: application/json | Accept: application/json | {\n"a":1}\n'],
    ['curl https://h -d @a.json', `POST https://h | Accept: */* | ${FORM} | {"a":1}`],
    ['curl https://h --data-raw @a.json', `POST https://h | Accept: */* | ${FORM} | @a.json`],
    [
      'curl https://h -u ana:secret -A me -b c=1',
      'GET https://h | Authorization: Basic YW5hOnNlY3JldA== | User-Agent: me | Cookie: c=1 | Accept: */*',
    ],
    ["curl https://h -H 'Accept:' -H 'X-Empty;'", 'GET https://h | X-Empty: '],
    ['curl -o out -m 3 --retry 2 --compressed -k https://h', 'GET https://h | Accept: */*'],
    ['curl https://h \\\n  -H \'A: 1\' \\\r\n  -H "B: \\"2\\""', 'GET https://h | A: 1 | B: "2" | Accept: */*'],
    ["curl https://h --data-raw $'it\\'s\\n\\u0041'", `POST https://h | Accept: */* | ${FORM} | it's\nA`],
    [
      'curl https://h -F name=ana -F "f=@b.txt;type=text/plain"',
      'POST https://h | Accept: */* | Content-Type: multipart/form-data; boundary=------------------------portico | --------------------------portico\r\nContent-Disposition: form-data; name="name"\r\n\r\nana\r\n--------------------------portico\r\nContent-Disposition: form-data; name="f"; filename="b.txt"\r\nContent-Type: text/plain\r\n\r\nx y\r\n--------------------------portico--\r\n',
    ],
    [
      'curl ^"https://h/o^?a=1^&b=^%^20^" ^\r\n  -H ^"A: 1^" ^\r\n  --data-raw ^"^{^\\^"n^\\^":^\\^"c:^\\^\\d^\\^"^}^\n\nx^" &',
      `POST https://h/o?a=1&b=%20 | A: 1 | Accept: */* | ${FORM} | {"n":"c:\\d"}\nx`,
    ],
    [
      'curl.exe "https://h/o?a=1&b=2" ^\n  -H "A: ""1""" ^\n  --data-raw "{\\"a\\":1}"',
      `POST https://h/o?a=1&b=2 | A: "1" | Accept: */* | ${FORM} | {"a":1}`,
    ],
    ["curl -s 'https://h' | jq '.a'", 'GET https://h | Accept: */*'],
    ['curl https://h --compressed ;\n', 'GET https://h | Accept: */*'],
    ['curl https://h > out.json', 'GET https://h | Accept: */*'],
    ['curl https://h # a remark\n', 'GET https://h | Accept: */*'],
    ["curl https://h -d 'a\\\nb'", `POST https://h | Accept: */* | ${FORM} | a\\\nb`],
    ['curl https://h/f -T b.txt -r 0-9 --url-query "q=x y"', 'PUT https://h/f?q=x%20y | Range: bytes=0-9 | Accept: */* | x y'],
  ])('%s', (command, expected) => {
    expect(told(command)).toBe(expected);
  });

  it.each([
    ['wget https://h', '`wget` is not `curl`: give the whole command'],
    ['curl', 'the curl command has no URL'],
    ['curl https://h --haeder A:1', "curl's option `--haeder` is not known here: did you mean `--header`"],
    ['curl https://h -H', "curl's `-H` needs a value"],
    ['curl https://h -H nothing', '`nothing` is not written `Name: value`'],
    ['curl https://h https://i', 'the curl command has two URLs, `https://h` and `https://i`'],
    ["curl 'https://h", "the curl command has a `'` that is not closed"],
    ['curl https://h -F x', '`x` is not written `name=content`'],
    ['curl https://h --constructor x', "curl's option `--constructor` is not known here"],
  ])('refuses %s', (command, message) => {
    expect(() => told(command)).toThrow(message);
  });

  it('splits words as a shell does', () => {
    expect(shellWords(`a 'b c'"d \\$e"\\ f '' "g\\h"`)).toEqual(['a', 'b cd $e f', '', 'g\\h']);
  });
});

describe('request files', () => {
  it.each([
    ['curl https://h', { method: 'GET', url: 'https://h' }],
    ['### create\n# comment\nPOST /orders HTTP/1.1\nHost: h\n\n{"a":1}\n', { method: 'POST', url: 'https://h/orders', body: '{"a":1}' }],
    ['GET https://h/p', { method: 'GET', url: 'https://h/p', body: undefined }],
    ['url: /p\njson: [1]\n', { method: 'POST', url: 'https://localhost/p', headers: ['Content-Type', 'application/json'], body: '[1]' }],
    ['{"request": "DELETE /p", "response": {"status": 201}}', { method: 'DELETE', url: 'https://localhost/p', response: { status: 201 } }],
    ['given: { variables: { a: 1 }, product: gold }', { url: 'https://localhost/', variables: { a: 1 }, product: 'gold' }],
  ])('%s', (text, expected) => {
    expect(readCallFile(text, 'call', read)).toMatchObject(expected);
  });

  it('says where an entry is wrong', () => {
    expect(() => readCallFile('url: /p\nheader: { A: 1 }\n', 'call.yaml', read)).toThrow(/call\.yaml:2:1: error .*`header`/);
  });
});
