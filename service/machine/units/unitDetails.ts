import * as z from 'zod';
import type { Scope } from '../../model/unit.ts';
import { safeText } from '../../text/sanitise.ts';
import type { UnitType } from '../../model/unitName.ts';
import { lazy } from '../../util/lazy.ts';

/** The main process of a service, from org.freedesktop.systemd1.Service. */
export type ServiceProcess = {
    /** `Type=`: simple, exec, forking, oneshot, dbus, notify, notify-reload, idle. */
    type: string;
    /** `Restart=`: no, on-success, on-failure, on-abnormal, on-watchdog, on-abort, always. */
    restart: string;
    /** `RestartSec=` in microseconds; null means for ever. */
    restartDelay: number | null;
    remainAfterExit: boolean;
    /** How often systemd has restarted it by itself since it was last started by hand. */
    restarts: number;
    /** The last main process, whether or not it still runs; 0 when there was none. */
    pid: number;
    /** How the last main process ended, CLD_* of waitid(2): 0 it did not, 1 exited, 2 killed, 3 killed and dumped core. */
    code: number;
    /** Its exit status, or the number of the signal. */
    status: number;
    startedAt: number | null;
    exitedAt: number | null;
    /** What the service last said of itself with sd_notify(3). */
    statusText: string;
    /** The first program of ExecStart=, as it is configured; null when there is none. */
    executable: string | null;
    /** All of ExecStart=: each program with its arguments. */
    commands: string[][];
    /** `TimeoutStartSec=` in microseconds; null means for ever. */
    startTimeout: number | null;
};

/** A path in a setting of a unit. `isOptional`: the unit also starts without it. */
export type NamedPath = { setting: string; path: string; isOptional: boolean };

/** A unit as its manager has it. Times in microseconds since the Unix epoch, null when it never happened. */
export type UnitDetails = {
    scope: Scope;
    /** The canonical name, whatever alias was asked for. */
    name: string;
    names: string[];
    description: string;
    /** loaded, not-found, bad-setting, error, masked, merged, stub. */
    loadState: string;
    /** Why it could not be loaded; null when it could. */
    loadError: { name: string; message: string } | null;
    activeState: string;
    subState: string;
    /** enabled, disabled, static, masked, transient, …; empty when there is no file. */
    unitFileState: string;
    fragmentPath: string;
    /** What a generator made its file from, such as /etc/fstab or a file of the autostart; empty when it was written as it is. */
    sourcePath: string;
    dropInPaths: string[];
    /** The files on disk are newer than what the manager has loaded. */
    needsReload: boolean;
    /** Whether starting it by hand makes sense at all, without regard to its present state. */
    canStart: boolean;
    refusesManualStart: boolean;
    /** Identifies this run of the unit, 32 hexadecimal digits; null when it has not run since it was loaded. */
    invocationId: string | null;
    stateChangedAt: number | null;
    /** CLOCK_MONOTONIC, microseconds. */
    activeSinceMonotonic: number | null;
    requires: string[];
    requisite: string[];
    bindsTo: string[];
    triggeredBy: string[];
    /** Whether the conditions and assertions held when it was last started. */
    conditionsMet: boolean;
    assertionsMet: boolean;
    unmetConditions: string[];
    /** The files and folders that its settings name, such as that of EnvironmentFile=; those of ExecStart= are in `process`. */
    named: NamedPath[];
    /** Number of the job that is queued or running for it; null when there is none. */
    job: number | null;
    /** `Result` of the type's own interface: success, exit-code, signal, timeout, …; null for types that have none. */
    result: string | null;
    /** The slice whose resources it shares, such as session.slice; empty for types that run nothing. */
    slice: string;
    process: ServiceProcess | null;
};

/** Of the last time that it did so; 0 when it never has. Microseconds of CLOCK_MONOTONIC, unless something else is said. */
export type UnitTimes = {
    /** It left the state inactive or failed, that is, began to start. */
    begunMonotonic: number;
    /** It became active; microseconds since the Unix epoch. */
    activeSince: number;
    activeMonotonic: number;
    /** It became inactive or failed. */
    downMonotonic: number;
    /** The units that have it started with them. */
    wantedBy: string[];
};

/** The interface of each type that has the `Result`; targets, devices and slices cannot fail that way. */
export const resultInterfaces: Partial<Record<UnitType, string>> = {
    service: 'org.freedesktop.systemd1.Service',
    socket: 'org.freedesktop.systemd1.Socket',
    mount: 'org.freedesktop.systemd1.Mount',
    automount: 'org.freedesktop.systemd1.Automount',
    swap: 'org.freedesktop.systemd1.Swap',
    timer: 'org.freedesktop.systemd1.Timer',
    path: 'org.freedesktop.systemd1.Path',
    scope: 'org.freedesktop.systemd1.Scope',
};

const names = z.array(z.string());
const shownText = z.string().transform(text => safeText(text, 512));
const integer = z.union([z.int(), z.bigint()]);
/** systemd writes "never" as 0. */
const time = integer.transform(value => (typeof value === 'bigint' || value === 0 ? null : value));
/** systemd writes "for ever" as the largest 64-bit number (USEC_INFINITY). */
const duration = integer.transform(value => (typeof value === 'bigint' ? null : value));
const bytes = z.union([z.instanceof(Uint8Array), z.array(z.int().min(0).max(255))]);

/** org.freedesktop.systemd1(5), "Unit Objects"; `(sbbsi)`: condition, is it a trigger, is it negated, parameter, outcome. */
const condition = lazy(() => z.tuple([z.string(), z.boolean(), z.boolean(), z.string(), z.int()]));

const unitProperties = lazy(() =>
    z.object({
        Id: z.string(),
        Names: names,
        Description: shownText,
        LoadState: z.string(),
        LoadError: z.tuple([z.string(), shownText]),
        ActiveState: z.string(),
        SubState: z.string(),
        UnitFileState: z.string(),
        FragmentPath: z.string(),
        SourcePath: z.string(),
        DropInPaths: names,
        NeedDaemonReload: z.boolean(),
        CanStart: z.boolean(),
        RefuseManualStart: z.boolean(),
        InvocationID: bytes,
        StateChangeTimestamp: time,
        ActiveEnterTimestampMonotonic: time,
        Requires: names,
        Requisite: names,
        BindsTo: names,
        TriggeredBy: names,
        ConditionResult: z.boolean(),
        AssertResult: z.boolean(),
        Conditions: z.array(condition()),
        Asserts: z.array(condition()).default([]),
        Job: z.tuple([z.int(), z.string()]),
    }),
);

/** org.freedesktop.systemd1(5), "Unit Objects". */
const unitTimes = lazy(() =>
    z.object({
        InactiveExitTimestampMonotonic: z.int(),
        ActiveEnterTimestamp: z.int(),
        ActiveEnterTimestampMonotonic: z.int(),
        InactiveEnterTimestampMonotonic: z.int(),
        WantedBy: names,
        RequiredBy: names,
    }),
);

/** The dependencies that carry a stop on to others: UNIT_ATOM_PROPAGATE_STOP in systemd's src/core/unit-dependency-atom.c. */
const stopProperties = lazy(() =>
    z.object({
        RequiredBy: names.default([]),
        RequisiteOf: names.default([]),
        BoundBy: names.default([]),
        ConsistsOf: names.default([]),
        PropagatesStopTo: names.default([]),
    }),
);

const typeProperties = lazy(() => z.object({ Result: z.string(), Slice: z.string().default('') }));

/** org.freedesktop.systemd1(5), "Service Unit Objects"; other types that run programs have them, too. */
const pathProperties = lazy(() =>
    z.object({
        /** The path, and whether it may be missing. */
        EnvironmentFiles: z.array(z.tuple([z.string(), z.boolean()])).default([]),
        /** With "!" before it when it may be missing. */
        WorkingDirectory: z.string().default(''),
        RootDirectory: z.string().default(''),
        /** The name of the credential, and where it is. */
        LoadCredential: z.array(z.tuple([z.string(), z.string()])).default([]),
        LoadCredentialEncrypted: z.array(z.tuple([z.string(), z.string()])).default([]),
        PIDFile: z.string().default(''),
    }),
);

/** org.freedesktop.systemd1(5), "Service Unit Objects". */
const serviceProperties = lazy(() =>
    z.object({
        Type: z.string(),
        Restart: z.string(),
        RestartUSec: duration,
        TimeoutStartUSec: duration,
        RemainAfterExit: z.boolean(),
        NRestarts: z.int(),
        ExecMainPID: z.int(),
        ExecMainCode: z.int(),
        ExecMainStatus: z.int(),
        ExecMainStartTimestamp: time,
        ExecMainExitTimestamp: time,
        StatusText: shownText,
        ExecStart: z.array(z.tuple([z.string(), z.array(z.string())], z.unknown())),
    }),
);

/**
 * Makes details of what a manager answered.
 *
 * @param unit the properties of org.freedesktop.systemd1.Unit
 * @param ofType those of the interface in `resultInterfaces`, null for a type that has none
 * @throws ZodError when a property is missing or of another type
 */
export function parseUnit(scope: Scope, unit: unknown, ofType: unknown): UnitDetails {
    const properties = unitProperties().parse(unit);
    const [errorName, errorMessage] = properties.LoadError;
    const typed = ofType === null ? null : typeProperties().parse(ofType);
    const invocationId = Buffer.from(properties.InvocationID).toString('hex');
    return {
        scope,
        name: properties.Id,
        names: properties.Names,
        description: properties.Description,
        loadState: properties.LoadState,
        loadError: errorName === '' ? null : { name: errorName, message: errorMessage },
        activeState: properties.ActiveState,
        subState: properties.SubState,
        unitFileState: properties.UnitFileState,
        fragmentPath: properties.FragmentPath,
        sourcePath: properties.SourcePath,
        dropInPaths: properties.DropInPaths,
        needsReload: properties.NeedDaemonReload,
        canStart: properties.CanStart,
        refusesManualStart: properties.RefuseManualStart,
        invocationId: /^0*$/.test(invocationId) ? null : invocationId,
        stateChangedAt: properties.StateChangeTimestamp,
        activeSinceMonotonic: properties.ActiveEnterTimestampMonotonic,
        requires: properties.Requires,
        requisite: properties.Requisite,
        bindsTo: properties.BindsTo,
        triggeredBy: properties.TriggeredBy,
        conditionsMet: properties.ConditionResult,
        assertionsMet: properties.AssertResult,
        unmetConditions: properties.Conditions.filter(([, , , , outcome]) => outcome < 0).map(
            ([name, , negated, parameter]) => safeText(`${name}=${negated ? '!' : ''}${parameter}`, 256),
        ),
        named: namedPaths(properties, ofType),
        job: properties.Job[0] || null,
        result: typed?.Result ?? null,
        slice: typed?.Slice ?? '',
        process: properties.Id.endsWith('.service') && ofType !== null ? parseService(ofType) : null,
    };
}

function namedPaths({ Conditions, Asserts }: z.infer<ReturnType<typeof unitProperties>>, ofType: unknown): NamedPath[] {
    const named = (setting: string, paths: readonly string[], isOptional = false) =>
        paths.filter(path => path.startsWith('/')).map(path => ({ setting, path, isOptional }));
    const tested = [...Conditions, ...Asserts].flatMap(([name, , , path]) => named(name, [path], true));
    const { data } = pathProperties().safeParse(ofType);
    if (data === undefined) return tested;
    return [
        ...data.EnvironmentFiles.flatMap(([path, isOptional]) => named('EnvironmentFile', [path], isOptional)),
        ...named('WorkingDirectory', [data.WorkingDirectory.replace(/^!/, '')], data.WorkingDirectory.startsWith('!')),
        ...named('RootDirectory', [data.RootDirectory]),
        ...named(
            'LoadCredential',
            [...data.LoadCredential, ...data.LoadCredentialEncrypted].map(([, path]) => path),
        ),
        // The program writes it.
        ...named('PIDFile', [data.PIDFile], true),
        ...tested,
    ];
}

/** @throws ZodError as `parseUnit` */
export function parseTimes(unit: unknown): UnitTimes {
    const properties = unitTimes().parse(unit);
    return {
        begunMonotonic: properties.InactiveExitTimestampMonotonic,
        activeSince: properties.ActiveEnterTimestamp,
        activeMonotonic: properties.ActiveEnterTimestampMonotonic,
        downMonotonic: properties.InactiveEnterTimestampMonotonic,
        wantedBy: [...properties.WantedBy, ...properties.RequiredBy],
    };
}

/** The units that stop with it. @throws ZodError as `parseUnit` */
export function parseStopped(unit: unknown): string[] {
    return [...new Set(Object.values(stopProperties().parse(unit)).flat())];
}

function parseService(ofType: unknown): ServiceProcess {
    const properties = serviceProperties().parse(ofType);
    return {
        type: properties.Type,
        restart: properties.Restart,
        restartDelay: properties.RestartUSec,
        startTimeout: properties.TimeoutStartUSec,
        remainAfterExit: properties.RemainAfterExit,
        restarts: properties.NRestarts,
        pid: properties.ExecMainPID,
        code: properties.ExecMainCode,
        status: properties.ExecMainStatus,
        startedAt: properties.ExecMainStartTimestamp,
        exitedAt: properties.ExecMainExitTimestamp,
        statusText: properties.StatusText,
        executable: properties.ExecStart[0]?.[0] ?? null,
        commands: properties.ExecStart.map(([, argv]) => argv),
    };
}
