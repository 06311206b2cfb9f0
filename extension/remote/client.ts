import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import { absence } from '../state/absence.js';
import type { Absence, UnitFacts } from '../state/absence.js';
import { call, CallError, subscribe } from './bus.js';
import {
    decodeChecks,
    decodeConversation,
    decodeConversations,
    decodeIncident,
    decodeManager,
    decodeProposal,
    decodeSuggestions,
} from './decode.js';
import type { Dictionary } from './decode.js';
import {
    assistantInterface,
    grantsInterface,
    incidentInterface,
    managerInterface,
    proposalInterface,
} from './generated/interfaces.js';
import type {
    Attachment,
    Check,
    Incident,
    Manager,
    PastConversation,
    PastExchange,
    Proposal,
    Question,
} from './model.js';
import { busName, objectManagerInterface, propertiesInterface, rootPath } from './names.js';
import { Request } from './request.js';
import { ServiceUnit } from './unit.js';

/** All data of the user interface, at one moment. */
export type Snapshot = {
    readonly link: 'starting' | 'present' | 'absent';
    /** Why there is no service; null while there is one. */
    readonly absence: Absence | null;
    /** Null until the service has answered. */
    readonly manager: Manager | null;
    readonly suggestions: readonly string[];
    readonly incidents: readonly Incident[];
    readonly proposals: ReadonlyMap<string, Proposal>;
};

const nothing: Snapshot = {
    link: 'starting',
    absence: null,
    manager: null,
    suggestions: [],
    incidents: [],
    proposals: new Map(),
};

type Interfaces = Record<string, Dictionary>;

const busDaemon = 'org.freedesktop.DBus';
const peerInterface = `${busDaemon}.Peer`;
/** For `timeout`: g_dbus_connection_call(). The bus answers for a peer that leaves it. */
const withoutLimit = GLib.MAXINT32;
/** Before it answers, the service plans an approved change again, for which apt may take many seconds on a busy computer. */
const beginLimit = 45_000;

/**
 * The only D-Bus client of the extension: follows the service, keeps a snapshot of it, and forwards the user's
 * requests. It starts the service once when it is created and when the user asks for it, and never stops it.
 *
 * Emits `changed` after every change of the snapshot, and `conversations-changed` when one was added, went on or was
 * deleted.
 */
export class Client extends EventEmitter<{ changed: []; 'conversations-changed': [] }> {
    readonly #connection: Gio.DBusConnection;
    readonly #cancellable = new Gio.Cancellable();
    readonly #unit: ServiceUnit;
    readonly #requests = new Set<Request>();
    readonly #subscriptions: (() => void)[] = [];
    readonly #nameWatch: number;
    #snapshot = nothing;
    #owner: string | null = null;
    #unitFacts: UnitFacts | null = null;
    /** Whether an attempt to start the service is under way. */
    #starting = false;
    #startError = '';
    /** The signals that came while the client was reading the whole state. */
    #early: (() => void)[] | null = null;
    /** The properties of each object as they came; changes are merged into them. */
    readonly #objects = new Map<string, Interfaces>();
    readonly #incidents = new Map<string, Incident>();
    readonly #proposals = new Map<string, Proposal>();

    constructor(connection: Gio.DBusConnection) {
        super();
        this.#connection = connection;
        this.#unit = new ServiceUnit(connection, facts => {
            this.#unitFacts = facts;
            this.#updateAbsence();
        });
        this.#listen();
        this.#nameWatch = Gio.bus_watch_name_on_connection(
            connection,
            busName,
            Gio.BusNameWatcherFlags.NONE,
            (_connection, _name, owner: string) => {
                this.#onAppeared(owner);
            },
            () => {
                this.#onVanished();
            },
        );
        this.#start();
    }

    get snapshot(): Snapshot {
        return this.#snapshot;
    }

    destroy(): void {
        Gio.bus_unwatch_name(this.#nameWatch);
        this.#cancellable.cancel();
        for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
        this.#unit.unwatch();
        for (const request of this.#requests) request.destroy();
        this.#requests.clear();
        this.disconnectAll();
    }

    /** Starts the service after it failed or was stopped. */
    startService(): void {
        this.#startError = '';
        this.#unitFacts = null;
        this.#unit
            .reset(this.#cancellable)
            .catch(() => undefined) // There is nothing to reset in a unit that never ran.
            .finally(() => {
                this.#start();
            });
    }

    /** @param conversation where it goes on; 0 begins one */
    ask({ text, about, attachments }: Question, conversation: number): Request {
        const given = {
            conversation: new GLib.Variant('t', conversation),
            ...(about && { incident: new GLib.Variant('t', about.id) }),
            ...(attachments.length > 0 && { attachments: new GLib.Variant('aa{sv}', attachments.map(packAttachment)) }),
        };
        return this.#begin(
            rootPath,
            assistantInterface,
            'Ask',
            options => new GLib.Variant('(sa{sv})', [text, { ...options, ...given }]),
        );
    }

    /** Plans what the user wishes, without a language model and without keeping it as a conversation. */
    wish(text: string): Request {
        const model = new GLib.Variant('s', 'built-in');
        return this.#begin(
            rootPath,
            assistantInterface,
            'Ask',
            options => new GLib.Variant('(sa{sv})', [text, { ...options, model }]),
        );
    }

    /** Checks what the service itself depends on. */
    async doctor(): Promise<Check[]> {
        const options = new GLib.Variant('(a{sv})', [{}]);
        const [checks] = await this.#call(rootPath, managerInterface, 'Doctor', options, 60_000);
        return decodeChecks(checks);
    }

    /** Those that were kept, the one that changed last first. @param words that must all occur in it; '' for all */
    async conversations(words: string, limit: number): Promise<PastConversation[]> {
        const filter = {
            limit: new GLib.Variant('u', limit),
            ...(words !== '' && { text: new GLib.Variant('s', words) }),
        };
        const parameters = new GLib.Variant('(a{sv})', [filter]);
        return decodeConversations(await this.#call(rootPath, assistantInterface, 'ListConversations', parameters));
    }

    async conversation(id: number): Promise<PastExchange[]> {
        const parameters = new GLib.Variant('(t)', [id]);
        return decodeConversation(await this.#call(rootPath, assistantInterface, 'GetConversation', parameters));
    }

    /** Deletes it for good. */
    async deleteConversation(id: number): Promise<void> {
        const parameters = new GLib.Variant('(t)', [id]);
        await this.#call(rootPath, assistantInterface, 'DeleteConversation', parameters);
    }

    /** @param confirmation what the user typed, for a plan of high risk */
    apply(proposal: Proposal, confirmation: string | null): Request {
        const extra = confirmation === null ? {} : { confirmation: new GLib.Variant('s', confirmation) };
        return this.#begin(
            proposal.path,
            proposalInterface,
            'Apply',
            options => new GLib.Variant('(sa{sv})', [proposal.digest, { ...options, ...extra }]),
        );
    }

    /** Does what is left of one that ended halfway. */
    finish(proposal: Proposal): Request {
        return this.#begin(
            proposal.path,
            proposalInterface,
            'Finish',
            options => new GLib.Variant('(sa{sv})', [proposal.finishDigest, options]),
        );
    }

    undo(proposal: Proposal): Request {
        return this.#begin(
            proposal.path,
            proposalInterface,
            'Undo',
            options => new GLib.Variant('(sa{sv})', [proposal.digest, options]),
        );
    }

    /** Follows a request again that an earlier client of this process began. */
    resume(path: string): Request {
        return this.#keep(Request.resume(this.#connection, path));
    }

    async decline(proposal: Proposal): Promise<void> {
        await this.#call(proposal.path, proposalInterface, 'Decline', new GLib.Variant('(a{sv})', [{}]));
    }

    /** Plans to allow a fix for the next times. @returns the path of the plan, which is to be approved */
    async proposeGrant(proposal: Proposal): Promise<string> {
        const parameters = new GLib.Variant('(oa{sv})', [proposal.path, {}]);
        const [path] = await this.#call(rootPath, grantsInterface, 'Propose', parameters);
        return String(path);
    }

    /** Ends what was allowed for the next times. */
    async removeGrant(id: string): Promise<void> {
        await this.#call(rootPath, grantsInterface, 'Remove', new GLib.Variant('(s)', [id]));
    }

    async dismiss(incident: Incident, forever: boolean): Promise<void> {
        const options = forever ? { forever: new GLib.Variant('b', true) } : {};
        await this.#call(incident.path, incidentInterface, 'Dismiss', new GLib.Variant('(a{sv})', [options]));
    }

    /** Runs the detector's check; it may take as long as what it checks. */
    async recheck(incident: Incident): Promise<{ gone: boolean; detail: string }> {
        const options = new GLib.Variant('(a{sv})', [{}]);
        const [gone, detail] = await this.#call(incident.path, incidentInterface, 'Recheck', options, 30_000);
        return { gone: gone === true, detail: String(detail) };
    }

    async markNotified(incident: Incident): Promise<void> {
        await this.#call(incident.path, incidentInterface, 'MarkNotified');
    }

    async pause(): Promise<void> {
        await this.#call(rootPath, managerInterface, 'Pause', new GLib.Variant('(a{sv})', [{}]));
    }

    async resumeWatching(): Promise<void> {
        await this.#call(rootPath, managerInterface, 'Resume', new GLib.Variant('(a{sv})', [{}]));
    }

    /** Resolves when the demo's service is broken. */
    async beginDemo(): Promise<void> {
        await this.#call(rootPath, managerInterface, 'BeginDemo', new GLib.Variant('(a{sv})', [{}]), 60_000);
    }

    /** Removes the demo, if there is one. */
    async endDemo(): Promise<void> {
        await this.#call(rootPath, managerInterface, 'EndDemo', new GLib.Variant('(a{sv})', [{}]), 60_000);
    }

    #begin(
        path: string,
        iface: string,
        member: string,
        parameters: (options: Record<string, GLib.Variant>) => GLib.Variant,
    ): Request {
        const begin = (token: string, cancellable: Gio.Cancellable) =>
            call(
                this.#connection,
                {
                    destination: busName,
                    path,
                    interface: iface,
                    member,
                    parameters: parameters({ handle_token: new GLib.Variant('s', token) }),
                    timeout: beginLimit,
                },
                cancellable,
            );
        return this.#keep(Request.begin(this.#connection, begin));
    }

    #keep(request: Request): Request {
        this.#requests.add(request);
        request.connect('finished', () => {
            this.#requests.delete(request);
            return undefined;
        });
        return request;
    }

    #call(
        path: string,
        iface: string,
        member: string,
        parameters?: GLib.Variant,
        timeout?: number,
    ): Promise<unknown[]> {
        const target = { destination: busName, path, interface: iface, member };
        return call(
            this.#connection,
            { ...target, ...(parameters && { parameters }), ...(timeout && { timeout }) },
            this.#cancellable,
        );
    }

    #listen(): void {
        const listen = (iface: string, member: string, handler: (path: string, body: unknown[]) => void) => {
            const match = { sender: busName, interface: iface, member, path: null };
            const keepOrHandle = (path: string, body: unknown[]) => {
                if (this.#early === null) handler(path, body);
                else
                    this.#early.push(() => {
                        handler(path, body);
                    });
            };
            this.#subscriptions.push(subscribe(this.#connection, match, keepOrHandle));
        };
        listen(objectManagerInterface, 'InterfacesAdded', (_path, [path, interfaces]) => {
            this.#merge(path as string, interfaces as Interfaces);
            this.#publish();
        });
        listen(objectManagerInterface, 'InterfacesRemoved', (_path, [path]) => {
            for (const known of [this.#objects, this.#incidents, this.#proposals]) known.delete(path as string);
            this.#publish();
        });
        listen(assistantInterface, 'ConversationsChanged', () => {
            this.emit('conversations-changed');
        });
        listen(propertiesInterface, 'PropertiesChanged', (path, [iface, changed]) => {
            // Requests have properties too, and a path of their own to follow them by.
            if (!this.#objects.has(path)) return;
            this.#merge(path, { [iface as string]: changed as Dictionary });
            this.#publish();
        });
    }

    #start(): void {
        this.#starting = true;
        this.#startError = '';
        this.#updateAbsence();
        const target = { destination: busDaemon, path: '/org/freedesktop/DBus', interface: busDaemon };
        call(
            this.#connection,
            {
                ...target,
                member: 'StartServiceByName',
                parameters: new GLib.Variant('(su)', [busName, 0]),
                timeout: 15_000,
            },
            this.#cancellable,
        )
            .catch((error: unknown) => {
                if (error instanceof CallError) this.#startError = error.name;
            })
            .finally(() => {
                this.#starting = false;
                if (!this.#cancellable.is_cancelled()) this.#updateAbsence();
            });
    }

    #onAppeared(owner: string): void {
        this.#owner = owner;
        this.#startError = '';
        this.#unitFacts = null;
        this.#unit.unwatch();
        const showWhy = (error: unknown) => {
            this.#startError = error instanceof CallError ? error.name : '';
            this.#showAbsence();
        };
        const isCurrent = () => this.#owner === owner && !this.#cancellable.is_cancelled();
        this.#load(owner).catch((error: unknown) => {
            if (!isCurrent()) return;
            this.#early = null;
            showWhy(error);
        });
        // A service that owns the name and does not answer counts as absent until it does. Its pending requests stay.
        this.#call(rootPath, peerInterface, 'Ping').catch((error: unknown) => {
            if (isCurrent() && this.#early !== null) showWhy(error);
        });
    }

    #onVanished(): void {
        this.#owner = null;
        for (const request of [...this.#requests]) request.fail(new CallError(`${busDaemon}.Error.NoReply`, ''));
        this.#requests.clear();
        this.#forget();
        this.#unit.watch();
    }

    /** The snapshot is void: it holds only while the service is there. */
    #forget(): void {
        this.#early = null;
        this.#objects.clear();
        this.#incidents.clear();
        this.#proposals.clear();
        this.#showAbsence();
    }

    #showAbsence(): void {
        const why = absence(this.#unitFacts, this.#startError);
        const isComing = why.kind === 'starting' || (this.#starting && why.kind === 'stopped');
        this.#show({
            ...nothing,
            link: isComing ? 'starting' : 'absent',
            absence: isComing ? { kind: 'starting' } : why,
        });
    }

    #updateAbsence(): void {
        if (this.#owner === null) this.#forget();
    }

    /**
     * However long that takes: a computer that has just started may have much else to do. Signals that come meanwhile
     * are applied in their order after the answers: one that is older than its answer repeats it, or is followed by one
     * that does.
     */
    async #load(owner: string): Promise<void> {
        this.#early = [];
        const propertiesOf = (iface: string) =>
            this.#call(rootPath, propertiesInterface, 'GetAll', new GLib.Variant('(s)', [iface]), withoutLimit);
        const [objects, manager, assistant] = await Promise.all([
            this.#call(rootPath, objectManagerInterface, 'GetManagedObjects', undefined, withoutLimit),
            propertiesOf(managerInterface),
            propertiesOf(assistantInterface),
        ]);
        if (this.#owner !== owner) return;
        for (const [path, interfaces] of Object.entries(objects[0] as Record<string, Interfaces>))
            this.#merge(path, interfaces);
        this.#merge(rootPath, {
            [managerInterface]: manager[0] as Dictionary,
            [assistantInterface]: assistant[0] as Dictionary,
        });
        for (const handle of this.#early) handle();
        this.#early = null;
        this.#startError = '';
        this.#publish();
    }

    #merge(path: string, interfaces: Interfaces): void {
        const merged = { ...this.#objects.get(path) };
        for (const [name, properties] of Object.entries(interfaces)) merged[name] = { ...merged[name], ...properties };
        this.#objects.set(path, merged);
        const { [incidentInterface]: incident, [proposalInterface]: proposal } = merged;
        if (incident !== undefined) this.#incidents.set(path, decodeIncident(path, incident));
        if (proposal !== undefined) this.#proposals.set(path, decodeProposal(path, proposal));
    }

    #publish(): void {
        // Half of the signals would give a state that never existed.
        if (this.#early !== null) return;
        const { [managerInterface]: manager, [assistantInterface]: assistant } = this.#objects.get(rootPath) ?? {};
        if (manager === undefined) return;
        this.#show({
            link: 'present',
            absence: null,
            manager: decodeManager(manager),
            suggestions: decodeSuggestions(assistant ?? {}),
            incidents: [...this.#incidents.values()],
            proposals: new Map(this.#proposals),
        });
    }

    #show(snapshot: Snapshot): void {
        this.#snapshot = snapshot;
        this.emit('changed');
    }
}

function packAttachment({ kind, text }: Attachment): Record<string, GLib.Variant> {
    return { kind: new GLib.Variant('s', kind), text: new GLib.Variant('s', text) };
}
