/** The parts of dbus-next below its message bus, which its own types leave out. */
declare module 'dbus-next/lib/signature.js' {
    export type SignatureTree = { type: string; child: SignatureTree[] };
    export function parseSignature(signature: string): SignatureTree[];
    export function collapseSignature(tree: SignatureTree): string;
}

declare module 'dbus-next/lib/dbus-buffer.js' {
    type Tree = { type: string; child: Tree[] };
    export default class DBusBuffer {
        constructor(buffer: Buffer, startPosition: number, endian: number, fds: null, options: { ayBuffer: boolean });
        /** Values in the marshaller's form: dictionaries as lists of pairs, a variant as [trees, [value]]. */
        read(signature: string): unknown[];
        /** One value; those inside it go through here, too. */
        readTree(tree: Tree): unknown;
        align(power: number): void;
    }
}

declare module 'dbus-next/lib/message.js' {
    /** The body in the marshaller's form: dictionaries as lists of pairs, a variant as [signature, value]. */
    export function marshall(message: Record<string, unknown>): [data: Buffer, fds: unknown[]];
}

declare module 'dbus-next/lib/handshake.js' {
    import type { Socket } from 'node:net';
    export default function handshake(
        stream: Socket,
        options: { authMethods: string[] },
        done: (error: Error | null, guid?: string) => void,
    ): void;
}

declare module 'dbus-next/lib/validators.js' {
    export function isBusNameValid(name: string): boolean;
    export function isInterfaceNameValid(name: string): boolean;
    export function isObjectPathValid(path: string): boolean;
}
