import { request } from 'node:http';
import { join } from 'node:path';

import type { Machine } from '../machine.ts';

/** The Internet Printing Protocol: RFC 8010 (encoding), RFC 8011 (operations), and CUPS's own operations. */

export type IppValue = string | number | boolean;
export type IppAttributes = Readonly<Record<string, readonly IppValue[]>>;
export type IppReply = {
    status: number;
    /** One for each job or printer, by the tag of its group. */
    groups: readonly { tag: number; attributes: IppAttributes }[];
};

export const operations = { getJobs: 0x000a, cupsGetPrinters: 0x4002 } as const;
/** Tags that begin a group of attributes; RFC 8010, section 3.5.1. */
export const groupTags = { operation: 0x01, job: 0x02, end: 0x03, printer: 0x04 } as const;
/** Tags of values; RFC 8010, section 3.5.2. */
const valueTags = {
    integer: 0x21,
    boolean: 0x22,
    enumeration: 0x23,
    textWithLanguage: 0x35,
    nameWithLanguage: 0x36,
    name: 0x42,
    keyword: 0x44,
    uri: 0x45,
    charset: 0x47,
    language: 0x48,
} as const;
/** From here on, a tag is that of a value. */
const firstValueTag = 0x10;

/** Where Debian, Fedora and Arch have CUPS listen; cupsd.conf(5), Listen. */
const socket = '/run/cups/cups.sock';
/** CUPS answers from memory; one that takes longer hangs. Milliseconds. */
const timeout = 4000;
const replyLimit = 2_000_000;

type Asked = {
    operation: number;
    user: string;
    attributes: readonly string[];
    extra?: Readonly<Record<string, string>>;
};

/**
 * Asks CUPS on its socket, which starts it where systemd listens there.
 *
 * @returns null when it does not answer, or not with IPP
 */
export async function askCups(machine: Machine, asked: Asked, signal: AbortSignal): Promise<IppReply | null> {
    const limit = AbortSignal.timeout(timeout);
    try {
        const reply = await post(join(machine.root, socket), encodeRequest(asked), AbortSignal.any([signal, limit]));
        return decodeReply(reply);
    } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted || error instanceof RangeError || isNetworkError(error)) return null;
        throw error;
    }
}

function isNetworkError(error: unknown): boolean {
    return error instanceof Error && 'code' in error;
}

async function post(path: string, body: Buffer, signal: AbortSignal): Promise<Buffer> {
    return await new Promise((resolve, reject) => {
        const headers = { 'Content-Type': 'application/ipp', 'Content-Length': body.length };
        // A connection that is kept open would fail once after CUPS was restarted.
        const options = { socketPath: path, method: 'POST', path: '/', headers, signal, agent: false };
        const asking = request(options, response => {
            const parts: Buffer[] = [];
            let length = 0;
            response.on('data', (part: Buffer) => {
                length += part.length;
                if (length > replyLimit) response.destroy(new RangeError('CUPS answers too much'));
                else parts.push(part);
            });
            response.on('error', reject);
            response.on('end', () => {
                resolve(Buffer.concat(parts));
            });
        });
        asking.on('error', reject);
        asking.end(body);
    });
}

export function encodeRequest({ operation, user, attributes, extra = {} }: Asked): Buffer {
    const head = Buffer.alloc(8);
    // IPP 2.0.
    head.writeUInt16BE(0x0200, 0);
    head.writeUInt16BE(operation, 2);
    head.writeUInt32BE(1, 4);
    return Buffer.concat([
        head,
        Buffer.of(groupTags.operation),
        encodeValue(valueTags.charset, 'attributes-charset', 'utf-8'),
        encodeValue(valueTags.language, 'attributes-natural-language', 'en'),
        encodeValue(valueTags.uri, 'printer-uri', 'ipp://localhost/'),
        encodeValue(valueTags.name, 'requesting-user-name', user),
        ...Object.entries(extra).map(([name, value]) => encodeValue(valueTags.keyword, name, value)),
        // The further values of an attribute have no name.
        ...attributes.map((value, index) =>
            encodeValue(valueTags.keyword, index === 0 ? 'requested-attributes' : '', value),
        ),
        Buffer.of(groupTags.end),
    ]);
}

function encodeValue(tag: number, name: string, value: string): Buffer {
    const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
    const length = (bytes: Buffer) => Buffer.of(bytes.length >> 8, bytes.length & 0xff);
    return Buffer.concat([Buffer.of(tag), length(nameBytes), nameBytes, length(valueBytes), valueBytes]);
}

/** @throws RangeError for what is no reply, or breaks off */
export function decodeReply(bytes: Buffer): IppReply {
    const status = bytes.readUInt16BE(2);
    const groups: { tag: number; attributes: Record<string, IppValue[]> }[] = [];
    let at = 8;
    const take = (length: number) => {
        if (at + length > bytes.length) throw new RangeError('The reply breaks off');
        at += length;
        return bytes.subarray(at - length, at);
    };
    const takeCounted = () => take(take(2).readUInt16BE());
    let values: IppValue[] = [];
    for (;;) {
        const [tag = 0] = take(1);
        if (tag === groupTags.end) return { status, groups };
        if (tag < firstValueTag) {
            groups.push({ tag, attributes: Object.create(null) as Record<string, IppValue[]> });
            continue;
        }
        const name = takeCounted().toString('utf8');
        const value = decodeValue(tag, takeCounted());
        if (name !== '') {
            values = [];
            const last = groups.at(-1);
            if (last !== undefined) last.attributes[name] = values;
        }
        if (value !== null) values.push(value);
    }
}

/** null for one without a value, such as “unknown”. */
function decodeValue(tag: number, bytes: Buffer): IppValue | null {
    switch (tag) {
        case valueTags.integer:
        case valueTags.enumeration:
            return bytes.readInt32BE();
        case valueTags.boolean:
            return bytes.readUInt8() !== 0;
        case valueTags.textWithLanguage:
        case valueTags.nameWithLanguage:
            // The language, then the text, each after its length.
            return bytes.subarray(4 + bytes.readUInt16BE()).toString('utf8');
        default:
            return tag < 0x20 ? null : bytes.toString('utf8');
    }
}
