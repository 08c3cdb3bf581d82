/** Frames of a WebSocket connection that the gateway itself speaks (RFC 6455, sections 5 to 7). */
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MessageSocket } from '../../src/gateway/websocket-messages.ts';

const MASK = [1, 2, 3, 4];

/** A frame of a client; `first` is its first byte. */
function frame(first: number, payload: string | Uint8Array, masked = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const mark = masked ? 0x80 : 0;
  const length =
    bytes.length < 126
      ? [mark | bytes.length]
      : bytes.length < 65_536
        ? [mark | 126, bytes.length >> 8, bytes.length & 255]
        : [mark | 127, 0, 0, 0, 0, bytes.length >>> 24, (bytes.length >> 16) & 255, (bytes.length >> 8) & 255, bytes.length & 255];
  const body = masked ? bytes.map((byte, at) => byte ^ (MASK[at % 4] ?? 0)) : bytes;
  return Buffer.concat([Buffer.from([first, ...length, ...(masked ? MASK : [])]), body]);
}

interface End {
  readonly channel: MessageSocket;
  readonly got: string[];
  /** What was written to the other side. */
  readonly written: Buffer[];
  feed(...parts: readonly Uint8Array[]): Promise<void>;
}

function end(other: 'client' | 'server' = 'client', message?: (text: string) => Promise<void>): End {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      done();
    },
  });
  const got: string[] = [];
  const channel = new MessageSocket(socket, other);
  channel.open(
    {
      message: async (text) => {
        got.push(text);
        await message?.(text);
      },
      ending: (code, reason) => void got.push(`ending ${code} ${reason}`),
      closed: () => void got.push('closed'),
    },
    new Uint8Array(0),
  );
  const feed = async (...parts: readonly Uint8Array[]) => {
    for (const part of parts) socket.push(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { channel, got, written, feed };
}

/** The code and reason of a close frame of a server. */
const closing = ({ written }: End) => {
  const last = written.at(-1) ?? Buffer.alloc(4);
  return [last[0], last.readUInt16BE(2), last.subarray(4).toString()];
};

describe('messages', () => {
  it('come whole, however they are cut, with a ping between their parts', async () => {
    const side = end();
    const bytes = Buffer.concat([
      frame(0x01, 'hel'),
      frame(0x89, 'p'),
      frame(0x00, 'lo '),
      frame(0x80, 'wörld'),
      frame(0x81, 'x'.repeat(70_000)),
    ]);
    await side.feed(...Array.from({ length: 60 }, (_none, at) => bytes.subarray(at, at + 1)), bytes.subarray(60));
    expect(side.got).toEqual(['hello wörld', 'x'.repeat(70_000)]);
    expect(side.written).toEqual([Buffer.from([0x8a, 1, 0x70])]);
  });

  it('come one by one, while the one before is looked at', async () => {
    let open: () => void = () => {};
    const side = end('client', (text) => (text === 'a' ? new Promise<void>((resolve) => (open = resolve)) : Promise.resolve()));
    await side.feed(frame(0x81, 'a'), frame(0x81, 'b'));
    expect(side.got).toEqual(['a']);
    open();
    await side.feed();
    expect(side.got).toEqual(['a', 'b']);
  });

  it.each([
    [5, [0x81, 5]],
    [300, [0x81, 126, 1, 44]],
    [70_000, [0x81, 127, 0, 0, 0, 0, 0, 1, 17, 112]],
  ])('of %i bytes go out with their length', (size, head) => {
    const side = end();
    side.channel.send('x'.repeat(size));
    expect([...(side.written[0] ?? Buffer.alloc(0)).subarray(0, head.length)]).toEqual(head);
    expect(side.written[0]).toHaveLength(head.length + size);
  });

  it('go out masked to a server, and come from it without', async () => {
    const side = end('server');
    side.channel.send('ab');
    expect([...(side.written[0] ?? [])]).toEqual([0x81, 0x82, 0, 0, 0, 0, 97, 98]);
    await side.feed(frame(0x81, 'c', false));
    expect(side.got).toEqual(['c']);
  });
});

describe('a connection ends', () => {
  it.each<[string, Buffer[], number, string]>([
    ['at a frame without a mask', [frame(0x81, 'a', false)], 1002, 'a frame without a mask'],
    ['at an extension', [frame(0xc1, 'a')], 1002, 'an extension that was not agreed on'],
    ['at an unknown kind', [frame(0x83, 'a')], 1002, 'an unknown kind of frame'],
    ['at a part out of its turn', [frame(0x80, 'a')], 1002, 'a part out of its turn'],
    ['at a message inside of another', [frame(0x01, 'a'), frame(0x81, 'b')], 1002, 'a part out of its turn'],
    ['at a ping in parts', [frame(0x09, 'a')], 1002, 'a control frame that is too large'],
    ['at a long ping', [frame(0x89, 'a'.repeat(126))], 1002, 'a control frame that is too large'],
    ['at bytes that are no text', [frame(0x82, 'a')], 1003, 'only text is taken'],
    ['at text that is no UTF-8', [frame(0x81, Buffer.from([0xc3, 0x28]))], 1007, 'the text is not UTF-8'],
    [
      'at a length beyond all bounds',
      [Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
      1009,
      'the message is too large',
    ],
    [
      'at parts that grow too large',
      [frame(0x01, 'a'.repeat(700_000)), frame(0x80, 'a'.repeat(700_000))],
      1009,
      'the message is too large',
    ],
  ])('%s', async (_name, parts, code, reason) => {
    const side = end();
    await side.feed(...parts);
    expect(closing(side)).toEqual([0x88, code, reason]);
  });

  it('when the other side says so, with its code', async () => {
    const side = end();
    await side.feed(frame(0x88, Buffer.concat([Buffer.from([0x10, 0xe1]), Buffer.from('bye')])), frame(0x81, 'late'));
    expect(side.got[0]).toBe('ending 4321 bye');
    expect(side.got).not.toContain('late');
    expect(closing(side)).toEqual([0x88, 4321, '']);
  });

  it('when the receiver fails, without its words', async () => {
    const side = end('client', () => Promise.reject(new Error('secret')));
    await side.feed(frame(0x81, 'a'));
    expect(closing(side)).toEqual([0x88, 1011, 'Internal error']);
  });
});
