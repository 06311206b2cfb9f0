/**
 * Messages as bytes. The only file that knows dbus-next, and only the layers of it that are sound: signatures, marshalling
 * and authentication. Its message bus is left out: an exception while it parses ends the process, it answers errors with
 * stacks, and it loads an XML parser and a native addon that nothing here needs.
 */
import type { Socket } from 'node:net';
import DBusBuffer from 'dbus-next/lib/dbus-buffer.js';
import handshake from 'dbus-next/lib/handshake.js';
import { marshall } from 'dbus-next/lib/message.js';
import { collapseSignature, parseSignature, type SignatureTree } from 'dbus-next/lib/signature.js';
import { isObjectPathValid } from 'dbus-next/lib/validators.js';
import { Variant } from './variant.ts';

/** D-Bus specification, "Message Format". */
export const messageType = { call: 1, return: 2, error: 3, signal: 4 } as const;
export const messageFlag = { noReply: 1, noAutoStart: 2, interactive: 4 } as const;

export type Message = {
    type: number;
    flags: number;
    serial: number;
    path?: string;
    interface?: string;
    member?: string;
    errorName?: string;
    replySerial?: number;
    destination?: string;
    sender?: string;
    signature: string;
    /**
     * Variants are kept, so that a reader can see their types; integers of 64 bits are numbers when safe, else bigints.
     */
    body: unknown[];
    /** The body was longer, or had more values, than is taken, and was skipped. */
    skipped: boolean;
};

/** The limit for unsolicited bodies; no documented message comes near. */
const maximumBody = 1024 * 1024;
/** Values within them, counting those inside others. A variant takes microseconds to read, and 250,000 fit into the bytes. */
const maximumValues = 10_000;
/** Replies to our own calls: D-Bus specification, maximum length of an array. */
const maximumReply = 64 * 1024 * 1024;
/** D-Bus specification, "The maximum length of a message, including header". */
const maximumMessage = 128 * 1024 * 1024;
const maximumFields = 1024 * 1024;

const headerFields = [
    '',
    'path',
    'interface',
    'member',
    'errorName',
    'replySerial',
    'destination',
    'sender',
    'signature',
] as const;
const littleEndian = 'l'.charCodeAt(0);
const bigEndian = 'B'.charCodeAt(0);
const fixedHeader = 16;

/** Proves our user id to the bus (EXTERNAL, the one mechanism that both buses of a desktop use). */
export function authenticate(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
        handshake(socket, { authMethods: ['EXTERNAL'] }, error => {
            if (error) reject(error);
            else resolve();
        });
    });
}

/** @throws Error when an argument does not fit the signature; names the argument by its position and path */
export function encode(message: Omit<Message, 'skipped'>): Buffer {
    const trees = parseSignature(message.signature);
    if (trees.length !== message.body.length) {
        throw new Error(`“${message.signature}” takes ${trees.length} values, not ${message.body.length}`);
    }
    const body = trees.map((tree, index) => toWire(tree, message.body[index], `value ${index}`));
    const [data] = marshall({ ...message, body });
    if (data.length > maximumMessage) throw new Error(`a message of ${data.length} bytes is too large for the bus`);
    return data;
}

/** @throws Error when a value does not fit a signature */
export function requireFitting(signature: string, value: unknown): void {
    encode({ type: messageType.return, flags: 0, serial: 1, replySerial: 1, signature, body: [value] });
}

/** Cuts a byte stream into messages. Throws only when the stream itself is beyond recovery. */
export class Decoder {
    #chunks: Buffer[] = [];
    #length = 0;
    #needed = fixedHeader;
    #skip = 0;
    readonly #deliver: (message: Message) => void;
    readonly #malformed: (error: unknown) => void;

    /** @param malformed called for a message whose body makes no sense; the stream goes on after it */
    constructor(deliver: (message: Message) => void, malformed: (error: unknown) => void) {
        this.#deliver = deliver;
        this.#malformed = malformed;
    }

    push(chunk: Buffer): void {
        const skipped = Math.min(this.#skip, chunk.length);
        this.#skip -= skipped;
        if (skipped === chunk.length) return;
        this.#chunks.push(chunk.subarray(skipped));
        this.#length += chunk.length - skipped;
        while (this.#length >= this.#needed) this.#next();
    }

    #next(): void {
        const [first, ...rest] = this.#chunks;
        const bytes = first !== undefined && rest.length === 0 ? first : Buffer.concat(this.#chunks);
        const frame = readFrame(bytes);
        // The header first, on its own: a body beyond the limit is not collected.
        if (bytes.length < frame.bodyStart) {
            this.#keep(bytes, frame.bodyStart);
            return;
        }
        const limit = isReply(bytes) ? maximumReply : maximumBody;
        const take = frame.bodyLength <= limit;
        const end = frame.bodyStart + frame.bodyLength;
        if (take && bytes.length < end) {
            this.#keep(bytes, end);
            return;
        }
        this.#keep(bytes.subarray(Math.min(end, bytes.length)), fixedHeader);
        this.#skip = Math.max(0, end - bytes.length);
        let message: Message;
        try {
            message = parse(bytes.subarray(0, take ? end : frame.bodyStart), frame, take);
        } catch (error) {
            this.#malformed(error);
            return;
        }
        this.#deliver(message);
    }

    #keep(bytes: Buffer, needed: number): void {
        this.#chunks = bytes.length === 0 ? [] : [bytes];
        this.#length = bytes.length;
        this.#needed = needed;
    }
}

type Frame = { endian: number; bodyStart: number; bodyLength: number };

function readFrame(bytes: Buffer): Frame {
    const endian = bytes.readUInt8(0);
    if (endian !== littleEndian && endian !== bigEndian) throw new Error('the bus sent something that is not D-Bus');
    const uint32 = (offset: number) =>
        endian === littleEndian ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
    const bodyLength = uint32(4);
    const fieldsLength = uint32(12);
    if (fieldsLength > maximumFields || fixedHeader + fieldsLength + bodyLength > maximumMessage) {
        throw new Error(`the bus sent a message of ${fieldsLength} + ${bodyLength} bytes`);
    }
    return { endian, bodyStart: Math.ceil((fixedHeader + fieldsLength) / 8) * 8, bodyLength };
}

function isReply(bytes: Buffer): boolean {
    const type = bytes.readUInt8(1);
    return type === messageType.return || type === messageType.error;
}

class TooManyValues extends Error {
    override message = `more than ${maximumValues} values`;
}

class BoundedReader extends DBusBuffer {
    /** How many values may still be read. */
    left = Infinity;

    override readTree(tree: SignatureTree): unknown {
        this.left -= 1;
        if (this.left < 0) throw new TooManyValues();
        return super.readTree(tree);
    }
}

function parse(bytes: Buffer, frame: Frame, withBody: boolean): Message {
    const buffer = new BoundedReader(bytes, 0, frame.endian, null, { ayBuffer: true });
    if (!isReply(bytes)) buffer.left = maximumValues;
    const [, type, flags, , , serial, fields] = buffer.read('yyyyuua(yv)') as [
        number,
        number,
        number,
        number,
        number,
        number,
        [number, [unknown, [unknown]]][],
    ];
    const message: Record<string, unknown> = { type, flags, serial, signature: '', body: [], skipped: !withBody };
    for (const [code, [, [value]]] of fields) {
        const field = headerFields[code];
        if (field) message[field] = value;
    }
    const signature = message.signature as string;
    if (withBody && signature !== '') {
        buffer.align(3);
        try {
            const values = buffer.read(signature);
            message.body = parseSignature(signature).map((tree, index) => fromWire(tree, values[index]));
        } catch (error) {
            if (!(error instanceof TooManyValues)) throw error;
            message.skipped = true;
        }
    }
    return message as Message;
}

function fromWire(tree: SignatureTree, value: unknown): unknown {
    const [child] = tree.child;
    switch (tree.type) {
        case 'x':
        case 't': {
            const number = Number(value);
            return Number.isSafeInteger(number) ? number : value;
        }
        case 'v': {
            const [[inner], [content]] = value as [[SignatureTree | undefined], [unknown]];
            if (inner === undefined) throw new Error('a variant without a type');
            return new Variant(collapseSignature(inner), fromWire(inner, content));
        }
        case 'a': {
            if (child === undefined) throw new Error('an array without a type');
            // A copy: the buffer is a window on the whole message.
            if (child.type === 'y') return Uint8Array.from(value as Buffer);
            if (child.type !== '{') return (value as unknown[]).map(element => fromWire(child, element));
            return Object.fromEntries((value as unknown[]).map(entry => fromWire(child, entry) as [string, unknown]));
        }
        case '(':
        case '{':
            return tree.child.map((element, index) => fromWire(element, (value as unknown[])[index]));
        default:
            return value;
    }
}

function toWire(tree: SignatureTree, value: unknown, where: string): unknown {
    const [child] = tree.child;
    const expect = (fits: boolean) => {
        if (!fits) throw new Error(`${where} does not fit the signature “${collapseSignature(tree)}”`);
    };
    switch (tree.type) {
        case 's':
        case 'g':
            expect(typeof value === 'string' && !value.includes('\0'));
            return value;
        case 'o':
            // The bus disconnects a client that sends a malformed path.
            expect(typeof value === 'string' && isObjectPathValid(value));
            return value;
        case 'b':
            expect(typeof value === 'boolean');
            return value;
        case 'x':
        case 't':
            expect(typeof value === 'bigint' || Number.isSafeInteger(value));
            return value;
        case 'v': {
            if (!(value instanceof Variant)) throw new Error(`${where} is not a variant`);
            const [inner, ...more] = parseSignature(value.signature);
            if (inner === undefined || more.length > 0)
                throw new Error(`${where}: “${value.signature}” is not one type`);
            return [value.signature, toWire(inner, value.value, where)];
        }
        case 'a': {
            if (child === undefined) throw new Error('an array without a type');
            if (child.type === '{') return toPairs(child, value, where);
            if (child.type === 'y' && value instanceof Uint8Array) return value;
            if (!Array.isArray(value)) throw new Error(`${where} is not an array`);
            return value.map((element, index) => toWire(child, element, `${where}[${index}]`));
        }
        case '(': {
            if (!Array.isArray(value)) throw new Error(`${where} is not an array`);
            expect(value.length === tree.child.length);
            return tree.child.map((element, index) => toWire(element, value[index], `${where}[${index}]`));
        }
        default:
            // The marshaller checks the ranges of the remaining numbers.
            expect(typeof value === 'number');
            return value;
    }
}

function toPairs(entry: SignatureTree, value: unknown, where: string): unknown[] {
    const [keyTree, valueTree] = entry.child;
    if (keyTree === undefined || valueTree === undefined) throw new Error('a dictionary without types');
    if (typeof value !== 'object' || value === null) throw new Error(`${where} is not a dictionary`);
    const isText = ['s', 'o', 'g'].includes(keyTree.type);
    return Object.entries(value).map(([key, element]) => [
        toWire(keyTree, isText ? key : Number(key), `key of ${where}`),
        toWire(valueTree, element, `${where}.${key}`),
    ]);
}
