// The service in a test desktop, asked over the bus as alice's scripts would.
import * as z from 'zod';
import type { Desktop } from '../desktop.ts';
import { until } from '../waiting.ts';

const busName = 'org.reevedesktop.Reeve1';
const rootPath = '/org/reevedesktop/Reeve1';

/** busctl(1) wraps each value with its signature: {"type":"s","data":"text"}. */
const wrapped = z.object({ data: z.unknown() });
const objects = z.object({
    data: z.tuple([
        z.record(
            z.string(),
            z.record(
                z.string(),
                z.record(
                    z.string(),
                    wrapped.transform(({ data }) => data),
                ),
            ),
        ),
    ]),
});

/** The properties of an incident that the specs check, see dbus-interfaces/; the rest is there too. */
const incident = z.looseObject({
    Subject: z.string(),
    Kind: z.string(),
    State: z.number(),
    Count: z.number(),
    Notification: z.number(),
    AnnouncedWith: z.number(),
    Title: z.string(),
    Cause: z.string(),
});
export type SeenIncident = z.infer<typeof incident>;

const dictionaries = z.array(
    z.record(
        z.string(),
        wrapped.transform(({ data }) => String(data)),
    ),
);

/** Of Manager.Sources. */
const sourceIsWatching = '2';

const text = z.object({ data: z.string() });
const auditEntries = z.array(z.object({ subject: text, event: text }));

export class ServiceClient {
    readonly #desktop: Desktop;

    constructor(desktop: Desktop) {
        this.#desktop = desktop;
    }

    /** Calls a method at the root path. @returns the values of the reply */
    async call(member: string, signature = '', ...values: string[]): Promise<unknown[]> {
        const typed = signature === '' ? [] : [signature, ...values];
        const { stdout } = await this.#busctl('call', busName, rootPath, ...splitMember(member), ...typed);
        return stdout.trim() === '' ? [] : z.object({ data: z.array(z.unknown()) }).parse(JSON.parse(stdout)).data;
    }

    async property(name: string): Promise<unknown> {
        const { stdout } = await this.#busctl('get-property', busName, rootPath, `${busName}.Manager`, name);
        return wrapped.parse(JSON.parse(stdout)).data;
    }

    /** All incidents on the bus, by their subject; fails when two have the same. */
    async incidents(): Promise<Map<string, SeenIncident>> {
        const getObjects = ['org.freedesktop.DBus.ObjectManager', 'GetManagedObjects'];
        const { stdout } = await this.#busctl('call', busName, rootPath, ...getObjects);
        const [managed] = objects.parse(JSON.parse(stdout)).data;
        const all = Object.values(managed).flatMap(interfaces => interfaces[`${busName}.Incident`] ?? []);
        const found = new Map<string, SeenIncident>();
        for (const properties of all.map(each => incident.parse(each))) {
            if (found.has(properties.Subject)) throw new Error(`two incidents tell of ${properties.Subject}`);
            found.set(properties.Subject, properties);
        }
        return found;
    }

    async untilIncident(
        subject: string,
        holds: (incident: SeenIncident) => boolean = () => true,
    ): Promise<SeenIncident> {
        return until(`there is an incident of ${subject} as expected`, async () => {
            const found = (await this.incidents()).get(subject);
            return found !== undefined && holds(found) ? found : undefined;
        });
    }

    /** What the log of changes has about a unit, newest first: "approved", "applied", "refused", … */
    async auditEvents(subject: string): Promise<string[]> {
        const [entries] = await this.call('Audit.List', 'a{sv}', '0');
        const about = auditEntries.parse(entries).filter(entry => entry.subject.data === subject);
        return about.map(({ event }) => event.data);
    }

    /** The codes of what keeps the service from doing all of its work. */
    async noticeCodes(): Promise<(string | undefined)[]> {
        return dictionaries.parse(await this.property('Notices')).map(({ code }) => code);
    }

    /** Until something is read from the journal; by then its notices are there, or gone (noticeJournalAccess). */
    async untilJournalIsWatched(): Promise<void> {
        await until('the journal is watched', async () => {
            const sources = dictionaries.parse(await this.property('Sources'));
            return sources.find(({ name }) => name === 'journal')?.state === sourceIsWatching;
        });
    }

    async untilState(state: number): Promise<void> {
        await until(`the service is in state ${state}`, async () => (await this.property('State')) === state);
    }

    #busctl(...argv: string[]) {
        return this.#desktop.query(['busctl', '--user', '--json=short', '--timeout=15', ...argv]);
    }
}

/** "Manager.Pause" → interface and member. */
function splitMember(member: string): [string, string] {
    const [ofInterface = '', name = ''] = member.split('.');
    return [`${busName}.${ofInterface}`, name];
}
