import type { Moment } from '../../detection/moment.ts';
import type { Scope } from '../../model/unit.ts';
import { originOfUnit } from '../../detection/sessions.ts';
import type { Origin } from '../../detection/sessions.ts';
import { RecentLines } from '../../detection/recentLines.ts';

/** What the log has said so far of one run of a unit: from being started to being stopped or failing. */
export type UnitRun = {
    /** How the process that decided the run ended; `status` is an exit status or the number of a signal. */
    exit: { code: 'exited' | 'killed' | 'dumped'; status: number; name: string } | null;
    /** What systemd could not do before it ran the program, such as "EXEC" or "CHDIR", and why. */
    step: { name: string; path: string; reason: string } | null;
    timedOut: 'start' | 'stop' | null;
    /** Whether somebody, or the end of a session, stops it. */
    isStopping: boolean;
    /** Whether ExecCondition= made the start needless. */
    isSkipped: boolean;
    /** Whether another condition made the last start needless. */
    isNeedless: boolean;
    /** When its start was logged. */
    began: Moment | null;
    outOfMemory: 'kernel' | 'systemd-oomd' | null;
    /** The result that systemd gave, such as "exit-code". */
    result: string | null;
    startLimit: boolean;
    /** The result of the job that did not run it at all. */
    job: 'dependency' | 'assert' | 'unsupported' | null;
    /** What it follows from, when the log shows it. */
    rootCause: string | null;
    /** The description under which the line before reported it. */
    description: string | null;
    /** Set once the failure was reported. */
    failure: { occurrence: string; lines: Set<string>; late: number } | null;
    /** What the manager said of this run. */
    managerLines: RecentLines;
};

/** What is remembered of a unit. */
export type UnitRecord = {
    readonly scope: Scope;
    readonly name: string;
    /** On whose behalf it runs. */
    origin: Origin;
    /** INVOCATION_ID of the run, null in plain text. */
    invocation: string | null;
    /** How often systemd has restarted it by itself. */
    restarts: number;
    restartScheduled: boolean;
    /** The last lines of its own processes. */
    own: RecentLines;
    run: UnitRun;
};

export function newRun(): UnitRun {
    return {
        exit: null,
        step: null,
        timedOut: null,
        isStopping: false,
        isSkipped: false,
        isNeedless: false,
        began: null,
        outOfMemory: null,
        result: null,
        startLimit: false,
        job: null,
        rootCause: null,
        description: null,
        failure: null,
        managerLines: new RecentLines(10),
    };
}

export function newRecord(scope: Scope, name: string): UnitRecord {
    return {
        scope,
        name,
        origin: scope === 'system' ? originOfUnit(name) : 'session',
        invocation: null,
        restarts: 0,
        restartScheduled: false,
        own: new RecentLines(6),
        run: newRun(),
    };
}
