// Reeve as the Shell of a test desktop knows it: incidents, fixes, and what was shown. Asked in the Shell's own process, whose
// word counts as the user's, and which has the clock of this machine.
import * as z from 'zod';
import type { Desktop } from '../desktop/desktop.ts';
import { until } from '../desktop/waiting.ts';

const busName = 'org.reevedesktop.Reeve1';
const root = '/org/reevedesktop/Reeve1';

export const incidentStates = { open: 0, fixing: 1, fixed: 2, recovered: 3, dismissed: 4 } as const;
const proposalStates = { offered: 0, applying: 1, applied: 2, undoing: 4, undone: 5 } as const;

const incidentSchema = z.object({
    Family: z.string(),
    Kind: z.string(),
    Subject: z.string(),
    Severity: z.number(),
    Title: z.string(),
    Summary: z.string(),
    Looking: z.boolean(),
    Cause: z.string(),
    State: z.number(),
    Count: z.number(),
    FirstSeen: z.number(),
    Notification: z.number(),
    Proposals: z.array(z.string()),
    Evidence: z.array(z.object({ message: z.string() })),
});
export type Incident = z.infer<typeof incidentSchema> & { path: string };

const proposalSchema = z.object({
    Action: z.string(),
    Title: z.string(),
    Digest: z.string(),
    Reversible: z.boolean(),
    Risk: z.number(),
    State: z.number(),
    Outcome: z.string(),
});
export type Proposal = z.infer<typeof proposalSchema> & { path: string };

const managed = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Defined in the Shell once; D-Bus values come as plain ones, 64-bit numbers too. */
const helper = `globalThis.faultBench ??= new (class {
    added = {};
    call(path, member, parameters = null, timeout = 20000) {
        const dot = member.lastIndexOf('.');
        const { Gio } = imports.gi;
        return new Promise((resolve, reject) => Gio.DBus.session.call('${busName}', path, member.slice(0, dot),
            member.slice(dot + 1), parameters, null, 0, timeout, null, (bus, result) => {
                try { resolve(bus.call_finish(result).recursiveUnpack()); } catch (error) { reject(error); }
            }));
    }
    constructor() {
        const { Gio, GLib } = imports.gi;
        Gio.DBus.session.signal_subscribe('${busName}', 'org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', '${root}',
            null, 0, (_bus, _sender, _path, _interface, _member, parameters) => {
                this.added[parameters.deepUnpack()[0]] ??= GLib.get_real_time();
            });
    }
})();`;

export class Reeve {
    readonly #desktop: Desktop;

    constructor(desktop: Desktop) {
        this.#desktop = desktop;
    }

    /** All incidents on the bus, by their path. */
    async incidents(): Promise<Map<string, Incident>> {
        const found = new Map<string, Incident>();
        for (const [path, interfaces] of Object.entries(await this.#objects())) {
            const properties = interfaces[`${busName}.Incident`];
            if (properties !== undefined) found.set(path, { ...incidentSchema.parse(properties), path });
        }
        return found;
    }

    /** The fixes that an incident offers, best first. */
    async proposals(of: Incident): Promise<Proposal[]> {
        const objects = await this.#objects();
        const { Proposals = [] } = incidentSchema.partial().parse(objects[of.path]?.[`${busName}.Incident`] ?? {});
        const known = Proposals.flatMap(path => {
            const properties = objects[path]?.[`${busName}.Proposal`];
            return properties === undefined ? [] : [{ ...proposalSchema.parse(properties), path }];
        });
        // One that no longer fits is listed until the next diagnosis of the incident, and offered to nobody.
        return known.filter(({ State }) => State === proposalStates.offered);
    }

    /** When an incident came to the bus, in microseconds since the Unix epoch; undefined for one that was there before. */
    async addedAt(path: string): Promise<number | undefined> {
        const time = await this.#eval<number | null>(`faultBench.added[${JSON.stringify(path)}] ?? null`);
        return time ?? undefined;
    }

    /** @returns what came of it; empty when it was applied */
    async apply(proposal: Proposal, subject: string): Promise<string> {
        // A plan of high risk wants the subject's name, typed.
        const options =
            proposal.Risk === 3
                ? `{ confirmation: new imports.gi.GLib.Variant('s', ${JSON.stringify(subject)}) }`
                : '{}';
        return this.#change('Apply', proposal, options, proposalStates.applied);
    }

    /** @returns what came of it; empty when it was undone */
    async undo(proposal: Proposal): Promise<string> {
        return this.#change('Undo', proposal, '{}', proposalStates.undone);
    }

    /** Runs the detector's own check. */
    async recheck({ path }: Incident): Promise<{ gone: boolean; detail: string }> {
        const reply = await this.#call(
            path,
            `${busName}.Incident.Recheck`,
            `new imports.gi.GLib.Variant('(a{sv})', [{}])`,
        );
        const [gone, detail] = z.tuple([z.boolean(), z.string()]).parse(reply);
        return { gone, detail };
    }

    async dismiss({ path }: Incident): Promise<void> {
        await this.#call(path, `${busName}.Incident.Dismiss`, `new imports.gi.GLib.Variant('(a{sv})', [{}])`);
    }

    async #change(method: 'Apply' | 'Undo', { path, Digest }: Proposal, options: string, end: number): Promise<string> {
        const read = async () => {
            const properties = (await this.#objects())[path]?.[`${busName}.Proposal`];
            return proposalSchema.partial().parse(properties ?? { Outcome: 'it is gone from the bus' });
        };
        const values = `new imports.gi.GLib.Variant('(sa{sv})', [${JSON.stringify(Digest)}, ${options}])`;
        const before = await read();
        try {
            await this.#call(path, `${busName}.Proposal.${method}`, values);
        } catch (error) {
            return (error as Error).message;
        }
        const underWay: number[] = [proposalStates.offered, proposalStates.applying, proposalStates.undoing];
        const { State, Outcome } = await until(
            `${path} is through with ${method}`,
            async () => {
                const now = await read();
                // A fix that could not be undone is as before, except for its message.
                const isAsBefore = now.State === before.State && now.Outcome === before.Outcome;
                return isAsBefore || underWay.includes(now.State ?? -1) ? undefined : now;
            },
            { timeout: 60_000 * this.#desktop.slowness },
        );
        return State === end ? '' : `state ${State ?? '?'}: ${Outcome ?? ''}`;
    }

    async #objects(): Promise<z.infer<typeof managed>> {
        const [objects] = await this.#eval<unknown[]>(
            `faultBench.call('${root}', 'org.freedesktop.DBus.ObjectManager.GetManagedObjects')`,
        );
        return managed.parse(objects);
    }

    async #call(path: string, member: string, values: string): Promise<unknown> {
        return this.#eval(`faultBench.call(${JSON.stringify(path)}, ${JSON.stringify(member)}, ${values})`);
    }

    async #eval<T>(expression: string): Promise<T> {
        return this.#desktop.evalJs<T>(`${helper} ${expression}`, { timeout: 30_000 });
    }
}
