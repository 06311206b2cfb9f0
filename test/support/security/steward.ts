// What approves and carries out changes, on a made-up computer that outlives it: the next one finds both as they were left.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { Proposals } from '../../../service/approval/proposals.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import type { Call } from '../../../service/dbus/connection.ts';
import { Variant } from '../../../service/dbus/variant.ts';
import { Executor } from '../../../service/execution/executor.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import type { JournalReader } from '../../../service/journal/query.ts';
import { unitOf } from '../../../service/actions/units/unitPlan.ts';
import { manager } from '../../../service/machine/units/systemd.ts';
import { queuesJob } from '../../../service/machine/units/unitJobs.ts';
import type { JournalEntry } from '../../../service/model/journalEntry.ts';
import type { BusCall, BusValue } from '../../../service/model/proposal.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { families } from '../../../service/faults/index.ts';
import { log } from '../../../service/util/log.ts';
import { make } from './changes.ts';
import { Computer, type State } from './computer.ts';

/** A moment of a change: before or after the computer makes its call of this number, or what the service says of it. */
export type Moment = (moment: string) => void;

/** What the computer has besides its files. */
type Kept = {
    state: State;
    units: Record<string, Record<string, unknown>>;
    /** The transient units that have run, and when; microseconds since the Unix epoch. */
    ran: { name: string; time: number }[];
    /** How many calls it has made. */
    calls: number;
};

const unitProperties = [
    'ActiveState',
    'SubState',
    'UnitFileState',
    'InvocationID',
    'ActiveEnterTimestamp',
    'InactiveExitTimestampMonotonic',
    'ActiveEnterTimestampMonotonic',
    'InactiveEnterTimestampMonotonic',
    'WantedBy',
    'RequiredBy',
];
const neverUp = {
    ActiveEnterTimestamp: 1,
    InactiveExitTimestampMonotonic: 1,
    ActiveEnterTimestampMonotonic: 1,
    InactiveEnterTimestampMonotonic: 1,
    WantedBy: [],
    RequiredBy: [],
};

export type Steward = AsyncDisposable & {
    computer: Computer;
    actions: Actions;
    proposals: Proposals;
    kept: Kept;
};

/**
 * @param directory where both keep what they have
 * @param state of a new computer
 * @param die may end this process
 */
export async function startSteward(directory: string, state: State | null, die: Moment): Promise<Steward> {
    await using stack = new AsyncDisposableStack();
    const file = join(directory, 'computer.json');
    const isNew = !existsSync(file);
    if (isNew && state === null) throw new Error('There is no computer');
    const kept = isNew
        ? ({ state, units: {}, ran: [], calls: 0 } as unknown as Kept)
        : (JSON.parse(readFileSync(file, 'utf8')) as Kept);
    const computer = stack.use(await Computer.start(kept.state, { at: join(directory, 'computer') }));
    process.env.HOME = computer.root;
    for (const name of computer.unitNames) {
        const { unit } = computer.unit(name);
        Object.assign(unit, { ...neverUp, ...unit, ...kept.units[name] });
    }
    const keep = () => {
        kept.state = computer.state;
        for (const name of computer.unitNames) {
            const { unit } = computer.unit(name);
            kept.units[name] = Object.fromEntries(unitProperties.map(property => [property, unit[property]]));
        }
        writeFileSync(file, JSON.stringify(kept));
    };
    keep();
    const { database } = Database.open(join(directory, 'state'), log);
    stack.use(database);
    const timeline = new Timeline({ database });
    const noise = () => ({ perHour: 10, minimumSeverity: 'low' as const });
    const incidents = new Incidents({ families, database, timeline, noise });
    const { surroundings } = computer;
    const actions = new Actions(surroundings);
    let calls = 0;
    const carryOut = (call: BusCall) => {
        die(`before ${calls}`);
        const started = (name: string) => computer.unit(name).unit.ActiveEnterTimestamp;
        const before = new Map(computer.unitNames.map(name => [name, started(name)]));
        make(computer, call);
        const now = {
            ActiveEnterTimestamp: Date.now() * 1000,
            InactiveExitTimestampMonotonic: Number(process.hrtime.bigint() / 1000n),
        };
        for (const [name, time] of before) if (started(name) !== time) Object.assign(computer.unit(name).unit, now);
        if (call.member === 'StartTransientUnit')
            kept.ran.push({ name: unitOf({ call }).name, time: Date.now() * 1000 });
        kept.calls += 1;
        keep();
        die(`after ${calls}`);
        calls += 1;
    };
    const open = connectionTo(computer, carryOut);
    const journal: JournalReader = {
        query: ({ matches }) => {
            const ran = kept.ran.findLast(({ name }) => matches.some(match => match.endsWith(`UNIT=${name}`)));
            const entry = { time: ran?.time, messageId: '39f53479d3a045ac8e11786248231fbf', fields: {} };
            return Promise.resolve(ran === undefined ? [] : [entry as unknown as JournalEntry]);
        },
        access: () => Promise.resolve('system'),
    };
    const proposals = new Proposals({
        database,
        incidents,
        audit: new AuditLog({ database }),
        actions,
        executor: new Executor({ open: open as never }),
        check: () => Promise.resolve({ gone: false, detail: '', isUnknown: true }),
        systemd: surroundings.systemd,
        journal,
    });
    proposals.on('changed', proposal => {
        die(proposal.state);
    });
    const everything = stack.move();
    return { computer, actions, proposals, kept, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** What the executor needs of a connection to the buses of the computer. */
function connectionTo(computer: Computer, carryOut: (call: BusCall) => void) {
    return (bus: BusCall['bus']) => {
        const handlers = new Set<(signal: { body: unknown[] }) => void>();
        let jobs = 0;
        const read = (call: Call) => computer.surroundings.machine?.system?.call(call);
        return Promise.resolve({
            closed: new Promise<never>(() => undefined),
            call: (call: Call) => {
                if (call.member === 'Subscribe') return Promise.resolve([]);
                if (call.member === 'GetAll') return read(call);
                const made = { ...call, bus, arguments: (call.arguments ?? []).map(fromWire) } as unknown as BusCall;
                carryOut(made);
                if (!queuesJob(made)) return Promise.resolve([]);
                jobs += 1;
                const path = `${manager.path}/job/${jobs}`;
                for (const handler of handlers) handler({ body: [jobs, path, unitOf({ call: made }).name, 'done'] });
                return Promise.resolve([path]);
            },
            getProperty: async (destination: string, path: string, of: string, name: string) => {
                const asked = { destination, path, interface: 'org.freedesktop.DBus.Properties', member: 'GetAll' };
                const [properties] = (await read({ ...asked, signature: 's', arguments: [of] })) ?? [];
                return (properties as Record<string, unknown>)[name];
            },
            subscribe: (_signal: object, handler: (signal: { body: unknown[] }) => void) => {
                handlers.add(handler);
                return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
            },
            [Symbol.asyncDispose]: () => Promise.resolve(),
        });
    };
}

function fromWire(value: unknown): BusValue {
    if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
    if (value instanceof Variant) return { signature: value.signature, value: fromWire(value.value) };
    return Array.isArray(value) ? value.map(fromWire) : (value as BusValue);
}
