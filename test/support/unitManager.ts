// Recorded units behind a service manager on a system bus of the test's own, for programs that ask over D-Bus.
import { BusError, Connection, variant } from '../../service/dbus/connection.ts';
import { unwrap } from '../../service/dbus/variant.ts';
import { manager } from '../../service/machine/units/systemd.ts';
import { unitPath } from '../../service/model/unitName.ts';
import { startPrivateBus } from './privateBus.ts';
import { managerOf, type Behaviour, type RecordedUnit } from './recordedUnits.ts';

export type UnitManager = AsyncDisposable & {
    /** Of the bus. */
    address: string;
    /** The calls that change something, such as "RestartUnit a.service". */
    calls: readonly string[];
};

/** org.freedesktop.systemd1(5), "Unit Objects" and "Service Unit Objects". */
const signatures: Record<string, string> = {
    Names: 'as',
    LoadError: '(ss)',
    DropInPaths: 'as',
    NeedDaemonReload: 'b',
    CanStart: 'b',
    RefuseManualStart: 'b',
    InvocationID: 'ay',
    StateChangeTimestamp: 't',
    InactiveEnterTimestampMonotonic: 't',
    InactiveExitTimestampMonotonic: 't',
    ActiveEnterTimestamp: 't',
    ActiveEnterTimestampMonotonic: 't',
    WantedBy: 'as',
    RequiredBy: 'as',
    Requires: 'as',
    Requisite: 'as',
    BindsTo: 'as',
    TriggeredBy: 'as',
    ConditionResult: 'b',
    AssertResult: 'b',
    Conditions: 'a(sbbsi)',
    Job: '(uo)',
    RestartUSec: 't',
    TimeoutStartUSec: 't',
    RemainAfterExit: 'b',
    NRestarts: 'u',
    ExecMainPID: 'u',
    ExecMainCode: 'i',
    ExecMainStatus: 'i',
    ExecMainStartTimestamp: 't',
    ExecMainExitTimestamp: 't',
    ExecStart: 'a(sasbttttuii)',
};

export async function startUnitManager(
    units: Record<string, RecordedUnit>,
    behaviour: Behaviour,
): Promise<UnitManager> {
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await startPrivateBus());
    const connection = stack.use(await Connection.open({ address: bus.address }));
    const { open, calls } = managerOf(units, behaviour);
    const recorded = await open();
    const jobRemoved = { path: manager.path, interface: manager.interface, member: 'JobRemoved' };
    await recorded.subscribe(jobRemoved, ({ body }) => {
        connection.emit({ ...jobRemoved, signature: 'uoss', body });
    });
    for (const [name, { unit }] of Object.entries(units)) {
        const properties = { path: unitPath(name), interface: 'org.freedesktop.DBus.Properties' };
        await recorded.subscribe({ ...properties, member: 'PropertiesChanged' }, () => {
            const changed = asVariants({ ActiveState: unit.ActiveState, SubState: unit.SubState });
            const body = ['org.freedesktop.systemd1.Unit', changed, []];
            connection.emit({ ...properties, member: 'PropertiesChanged', signature: 'sa{sv}as', body });
        });
    }
    connection.onCall = message => {
        const { path = '', member = '' } = message;
        const [first, ...rest] = message.body.map(unwrap);
        const answer = async (): Promise<void> => {
            if (member === 'ListUnitsByPatterns') {
                connection.reply(message, 'a(ssssssouso)', [listed(units, first as string[])]);
                return;
            }
            const reply = await recorded.call({ ...manager, path, member, arguments: [first, ...rest] });
            if (member === 'GetAll') connection.reply(message, 'a{sv}', [asVariants(reply[0] as object)]);
            else connection.reply(message, reply.length === 0 ? '' : 'o', reply);
        };
        answer().catch((error: unknown) => {
            connection.replyError(message, new BusError('org.freedesktop.DBus.Error.Failed', String(error)));
        });
    };
    await connection.requestName(manager.destination);
    const everything = stack.move();
    return { address: bus.address, calls, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

function asVariants(properties: object) {
    return Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, variant(signatures[name] ?? 's', value)]),
    );
}

/** As ListUnitsByPatterns gives them. */
function listed(units: Record<string, RecordedUnit>, states: readonly string[]): unknown[] {
    return Object.entries(units)
        .filter(([, { unit }]) => states.length === 0 || states.includes(String(unit.ActiveState)))
        .map(([name, { unit }]) => {
            const shown = [name, unit.Description, unit.LoadState, unit.ActiveState, unit.SubState];
            return [...shown, '', unitPath(name), 0, '', '/'];
        });
}
