// What CUPS answers.
import { userInfo } from 'node:os';

type Value = string | number | boolean;
export type Group = { tag: number; values: Readonly<Record<string, Value>> };

/** A reply as RFC 8010 writes it. */
export function reply(groups: readonly Group[], status = 0): Buffer {
    const counted = (bytes: Buffer) => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
    const value = (of: Value): [number, Buffer] => {
        if (typeof of === 'boolean') return [0x22, Buffer.of(of ? 1 : 0)];
        if (typeof of === 'string') return [0x41, Buffer.from(of)];
        const bytes = Buffer.alloc(4);
        bytes.writeInt32BE(of);
        return [0x21, bytes];
    };
    const attributes = ({ tag, values }: Group) =>
        Buffer.concat([
            Buffer.of(tag),
            ...Object.entries(values).map(([name, of]) => {
                const [valueTag, bytes] = value(of);
                return Buffer.concat([Buffer.of(valueTag), counted(Buffer.from(name)), counted(bytes)]);
            }),
        ]);
    return Buffer.concat([
        Buffer.of(2, 0, status >> 8, status & 0xff, 0, 0, 0, 1),
        ...groups.map(attributes),
        Buffer.of(3),
    ]);
}

export const printer = (name: string, values: Readonly<Record<string, Value>> = {}): Group => ({
    tag: 4,
    values: { 'printer-name': name, 'printer-state': 3, 'printer-is-accepting-jobs': true, ...values },
});
export const job = (id: number, queue: string, values: Readonly<Record<string, Value>> = {}): Group => ({
    tag: 2,
    values: {
        'job-id': id,
        'job-state': 3,
        'job-printer-uri': `ipp://localhost:631/printers/${queue}`,
        'job-name': `Letter ${id}`,
        'job-originating-user-name': userInfo().username,
        ...values,
    },
});
