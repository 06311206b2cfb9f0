// A bus that encodes what is sent on it, and asks nobody: for what the service would offer there.
import { rootPath } from '../../../service/util/names.ts';
import { ExportedObjects } from '../../../service/dbus/exportedObjects.ts';
import type { BusError, Connection } from '../../../service/dbus/connection.ts';
import { encode, messageType, type Message } from '../../../service/dbus/wire.ts';

const call = { type: messageType.call, flags: 0, serial: 1, sender: ':1.1', signature: '', body: [], skipped: false };

export class HeardBus {
    readonly objects: ExportedObjects;
    #onCall: (message: Message) => void = () => undefined;
    #answered = Promise.withResolvers<unknown[]>();

    constructor() {
        const send = (type: number, { signature = '', body = [] as unknown[], ...message }) => {
            encode({ ...message, type, flags: 0, serial: 1, signature, body });
        };
        const bus = {
            set onCall(handler: (message: Message) => void) {
                heard.#onCall = handler;
            },
            reply: (_to: Message, signature: string, body: unknown[]) => {
                send(messageType.return, { replySerial: 1, signature, body });
                heard.#answered.resolve(body);
            },
            replyError: (_to: Message, error: BusError) => {
                heard.#answered.reject(error);
            },
            emit: (signal: { path: string; interface: string; member: string; signature: string; body: unknown[] }) => {
                send(messageType.signal, signal);
            },
        };
        // eslint-disable-next-line @typescript-eslint/no-this-alias -- the bus is made before its owner is complete
        const heard = this;
        this.objects = new ExportedObjects(bus as unknown as Connection, rootPath);
    }

    /** The paths of all objects that are offered. @throws BusError when they cannot be told */
    async paths(): Promise<string[]> {
        this.#answered = Promise.withResolvers();
        this.#onCall({
            ...call,
            path: rootPath,
            interface: 'org.freedesktop.DBus.ObjectManager',
            member: 'GetManagedObjects',
        });
        const [objects] = await this.#answered.promise;
        return Object.keys(objects as object);
    }
}
