/**
 * The objects that we offer on a bus: finds the target of a call, checks the call against its interface, and announces
 * changes. Answers the standard interfaces Peer, Introspectable, Properties and ObjectManager.
 */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ReeveError, stackOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import { BusError, standardError } from './busError.ts';
import type { Connection } from './connection.ts';
import type { ArgumentTable, Caller, Implementation, InterfaceTable, InterfaceTypes } from './interfaceTable.ts';
import { standardInterfaces, standardXml } from './standardInterfaces.ts';
import { Variant, type Dictionary } from './variant.ts';
import { messageFlag, requireFitting, type Message } from './wire.ts';

/** One interface on one object, until it is disposed. */
export type Exported<I extends InterfaceTypes> = Disposable & {
    /**
     * Call it when a property may have changed; real changes are announced once, before the next answer or at the end
     * of this turn.
     */
    changed: () => void;
    emit: <S extends keyof I['signals'] & string>(signal: S, args: I['signals'][S]) => void;
};

type Values = Record<string, unknown>;
/** An implementation without its types: the interface tables replace them. */
type Untyped = {
    properties: () => Values;
    methods: Record<string, (args: Values, caller: Caller) => unknown>;
};
type Entry = { table: InterfaceTable; implementation: Untyped; announced: Values };
type ExportedObject = { path: string; interfaces: Map<string, Entry>; onlyFor: string | undefined };

const propertiesInterface = 'org.freedesktop.DBus.Properties';
const objectManagerInterface = 'org.freedesktop.DBus.ObjectManager';

export class ExportedObjects {
    readonly #connection: Connection;
    readonly #root: string;
    readonly #objects = new Map<string, ExportedObject>();
    readonly #changed = new Map<Entry, ExportedObject>();

    /** @param root the object that manages those below it */
    constructor(connection: Connection, root: string) {
        this.#connection = connection;
        this.#root = root;
        connection.onCall = message => {
            this.#answer(message).catch((error: unknown) => {
                connection.replyError(message, toBusError(error, message));
            });
        };
    }

    /**
     * @param options.onlyFor the unique name of the one caller who may use the object and who alone gets its signals; such
     * objects are not listed by the object manager
     */
    export<I extends InterfaceTypes>(
        path: string,
        table: InterfaceTable,
        implementation: Implementation<I>,
        options: { onlyFor?: string } = {},
    ): Exported<I> {
        const object = this.#objects.get(path) ?? {
            path,
            interfaces: new Map<string, Entry>(),
            onlyFor: options.onlyFor,
        };
        if (object.interfaces.has(table.name)) throw new Error(`${path} already has ${table.name}`);
        const untyped = implementation as unknown as Untyped;
        const entry = { table, implementation: untyped, announced: untyped.properties() };
        object.interfaces.set(table.name, entry);
        this.#objects.set(path, object);
        if (this.#isManaged(object)) {
            this.#emit(this.#root, objectManagerInterface, 'InterfacesAdded', 'oa{sa{sv}}', [
                path,
                { [table.name]: toVariants(table, entry.announced) },
            ]);
        }
        return {
            changed: () => {
                if (object.interfaces.get(table.name) !== entry) return;
                if (this.#changed.size === 0) {
                    setImmediate(() => {
                        this.#announce();
                    });
                }
                this.#changed.set(entry, object);
            },
            emit: (signal, args) => {
                const signature = table.signals[signal] ?? [];
                this.#announce();
                this.#emit(path, table.name, signal, signatureOf(signature), list(signature, args), object.onlyFor);
            },
            [Symbol.dispose]: () => {
                this.#remove(object, entry);
            },
        };
    }

    #remove(object: ExportedObject, entry: Entry): void {
        if (!object.interfaces.delete(entry.table.name)) return;
        this.#changed.delete(entry);
        if (object.interfaces.size === 0) this.#objects.delete(object.path);
        if (this.#isManaged(object)) {
            this.#announce();
            this.#emit(this.#root, objectManagerInterface, 'InterfacesRemoved', 'oas', [
                object.path,
                [entry.table.name],
            ]);
        }
    }

    async #answer(message: Message): Promise<void> {
        if (message.skipped)
            throw new ReeveError('TooLarge', 'A message may be at most 1 MiB long and hold 10,000 values');
        const { path = '', interface: iface, member = '' } = message;
        const standard = standardInterfaces.get(iface ?? '');
        if (standard !== undefined) {
            const signature = standard.get(member);
            if (signature === undefined) throw unknownMethod(member, iface);
            this.#checkSignature(message, signature);
            await this.#answerStandard(message, `${iface}.${member}`);
            return;
        }
        const object = this.#find(path, message.sender);
        const entry =
            iface === undefined
                ? [...object.interfaces.values()].find(({ table }) => Object.hasOwn(table.methods, member))
                : this.#interface(object, iface);
        const table = entry !== undefined && Object.hasOwn(entry.table.methods, member) && entry.table.methods[member];
        const method = entry?.implementation.methods[member];
        if (!table || method === undefined) throw unknownMethod(member, iface);
        this.#checkSignature(message, signatureOf(table.in));
        const args = Object.fromEntries(table.in.map(({ name }, index) => [name, message.body[index]]));
        const result = await method(args, {
            sender: message.sender ?? '',
            interactive: (message.flags & messageFlag.interactive) !== 0,
        });
        this.#reply(message, signatureOf(table.out), list(table.out, result as Values));
    }

    async #answerStandard(message: Message, method: string): Promise<void> {
        const { path = '', sender } = message;
        const [first, second] = message.body as [string, string];
        switch (method) {
            case 'org.freedesktop.DBus.Peer.Ping':
                this.#reply(message, '', []);
                return;
            case 'org.freedesktop.DBus.Peer.GetMachineId':
                // machine-id(5)
                this.#reply(message, 's', [(await readFile('/etc/machine-id', 'utf8')).trim()]);
                return;
            case 'org.freedesktop.DBus.Introspectable.Introspect':
                this.#reply(message, 's', [this.#introspect(path)]);
                return;
            case 'org.freedesktop.DBus.Properties.Get':
                this.#reply(message, 'v', [this.#property(this.#find(path, sender), first, second)]);
                return;
            case 'org.freedesktop.DBus.Properties.GetAll':
                this.#reply(message, 'a{sv}', [this.#properties(this.#find(path, sender), first)]);
                return;
            case 'org.freedesktop.DBus.Properties.Set':
                this.#property(this.#find(path, sender), first, second);
                throw standardError('PropertyReadOnly', `The property ${second} of ${first} cannot be written`);
            case 'org.freedesktop.DBus.ObjectManager.GetManagedObjects':
                if (path !== this.#root) throw unknownInterface(path, objectManagerInterface);
                this.#reply(message, 'a{oa{sa{sv}}}', [this.#managedObjects()]);
                return;
            default:
                throw unknownMethod(method, undefined);
        }
    }

    #find(path: string, sender: string | undefined): ExportedObject {
        const object = this.#objects.get(path);
        if (object === undefined) throw standardError('UnknownObject', `There is no object ${path}`);
        if (object.onlyFor !== undefined && object.onlyFor !== sender) {
            throw new ReeveError('NotAuthorized', `${path} belongs to another caller`);
        }
        return object;
    }

    #property(object: ExportedObject, iface: string, name: string): Variant {
        // The specification allows an empty interface name: then any interface that has the property will do.
        const candidates = iface === '' ? [...object.interfaces.values()] : [this.#interface(object, iface)];
        const entry = candidates.find(({ table }) => Object.hasOwn(table.properties, name));
        const property = entry?.table.properties[name];
        if (entry === undefined || property === undefined) {
            throw standardError('UnknownProperty', `There is no property ${name} of ${iface} on ${object.path}`);
        }
        return new Variant(property.type, entry.implementation.properties()[name]);
    }

    #properties(object: ExportedObject, iface: string): Dictionary {
        const entries = iface === '' ? [...object.interfaces.values()] : [this.#interface(object, iface)];
        return Object.assign(
            {},
            ...entries.map(({ table, implementation }) => toVariants(table, implementation.properties())),
        ) as Dictionary;
    }

    #interface(object: ExportedObject, name: string): Entry {
        const entry = object.interfaces.get(name);
        if (entry === undefined) throw unknownInterface(object.path, name);
        return entry;
    }

    #managedObjects(): Record<string, Record<string, Dictionary>> {
        const managed = [...this.#objects.values()].filter(object => this.#isManaged(object));
        return Object.fromEntries(
            managed.flatMap(({ path, interfaces }) => {
                try {
                    const values = Object.fromEntries(
                        [...interfaces.values()].map(({ table, implementation }) => [
                            table.name,
                            toVariants(table, implementation.properties()),
                        ]),
                    );
                    requireFitting('a{sa{sv}}', values);
                    return [[path, values]];
                } catch (error) {
                    // Such as a number that is too large, from a row that somebody has changed: the others are told all the same.
                    log('error', 'Left out an object that cannot be sent', { path, ...reason(error) });
                    return [];
                }
            }),
        );
    }

    #isManaged({ path, onlyFor }: ExportedObject): boolean {
        return path.startsWith(`${this.#root}/`) && onlyFor === undefined;
    }

    #introspect(path: string): string {
        const object = this.#objects.get(path);
        const below = path === '/' ? '/' : `${path}/`;
        const children = new Set(
            [...this.#objects.keys()]
                .filter(other => other.startsWith(below))
                .map(other => other.slice(below.length).split('/', 1)[0] ?? ''),
        );
        if (object === undefined && children.size === 0)
            throw standardError('UnknownObject', `There is no object ${path}`);
        const own = [...(object?.interfaces.values() ?? [])].map(({ table }) => table.xml);
        const standard = standardXml({ properties: object !== undefined, objectManager: path === this.#root });
        const nodes = [...children].sort().map(name => `  <node name="${name}"/>\n`);
        return `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
<node>
${[...own, standard, ...nodes].join('')}</node>
`;
    }

    /** Sends what has changed since the last signal. */
    #announce(): void {
        const pending = [...this.#changed];
        this.#changed.clear();
        for (const [entry, object] of pending) {
            try {
                this.#announceEntry(entry, object);
            } catch (error) {
                const { name } = entry.table;
                log('error', 'Could not announce changes', {
                    path: object.path,
                    interface: name,
                    ...reason(error),
                });
            }
        }
    }

    #announceEntry(entry: Entry, object: ExportedObject): void {
        const { table, announced } = entry;
        const now = entry.implementation.properties();
        entry.announced = now;
        const changed = Object.entries(table.properties)
            .filter(([name, { emits }]) => emits && !isDeepStrictEqual(now[name], announced[name]))
            .map(([name, { type }]) => [name, new Variant(type, now[name])]);
        if (changed.length === 0) return;
        const body = [table.name, Object.fromEntries(changed), []];
        this.#emit(object.path, propertiesInterface, 'PropertiesChanged', 'sa{sv}as', body, object.onlyFor);
    }

    /** A caller receives every change that led to an answer before the answer itself. */
    #reply(message: Message, signature: string, body: unknown[]): void {
        this.#announce();
        this.#connection.reply(message, signature, body);
    }

    #emit(path: string, iface: string, member: string, signature: string, body: unknown[], onlyFor?: string): void {
        try {
            this.#connection.emit({ path, interface: iface, member, signature, body }, onlyFor);
        } catch (error) {
            log('error', 'Could not send a signal', { signal: `${iface}.${member}`, path, ...reason(error) });
        }
    }

    #checkSignature({ member, signature }: Message, expected: string): void {
        if (signature === expected) return;
        throw standardError('InvalidArgs', `${member} takes “${expected}”, not “${signature}”`);
    }
}

function toBusError(error: unknown, message: Message): BusError {
    if (error instanceof BusError) return error;
    if (error instanceof ReeveError) return reeveBusError(error);
    const method = `${message.interface ?? ''}.${message.member ?? ''}`;
    log('error', 'Could not answer a call', { method, path: message.path ?? '', ...reason(error) });
    return reeveBusError(
        new ReeveError('Internal', `${method} failed with an internal error; see the journal of the service`),
    );
}

export function reeveErrorName(error: ReeveError): string {
    return `org.reevedesktop.Reeve1.Error.${error.code}`;
}

function reeveBusError(error: ReeveError): BusError {
    return new BusError(reeveErrorName(error), error.message, { cause: error });
}

function unknownInterface(path: string, iface: string): BusError {
    return standardError('UnknownInterface', `The object ${path} has no interface ${iface}`);
}

function unknownMethod(member: string, iface: string | undefined): BusError {
    return standardError('UnknownMethod', `There is no method ${member}${iface === undefined ? '' : ` in ${iface}`}`);
}

function toVariants(table: InterfaceTable, values: Values): Dictionary {
    return Object.fromEntries(
        Object.entries(table.properties).map(([name, { type }]) => [name, new Variant(type, values[name])]),
    );
}

function signatureOf(args: ArgumentTable): string {
    return args.map(({ type }) => type).join('');
}

function list(args: ArgumentTable, values: object): unknown[] {
    return args.map(({ name }) => (values as Values)[name]);
}

function reason(error: unknown): { error: string } {
    return { error: stackOf(error) };
}
