import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../../i18n/i18n.ts';
import { monotonicIn } from '../../journal/cursor.ts';
import { filesOf } from '../../machine/machine.ts';
import { readBootId, readBootTime } from '../../machine/time/boots.ts';
import type { Incident } from '../../model/incident.ts';
import type { CheckResult } from '../../model/proposal.ts';
import type { Systemd, UnitDetails } from '../../machine/units/systemd.ts';
import { isRestarting, millisecondsActive } from '../../machine/units/unitState.ts';
import type { CheckOptions } from '../../diagnosis/family.ts';
import { wasStopped } from './stopped.ts';

/** A service that is up for this long did not fail at once. Milliseconds. */
const settleTime = 2000;
const longestSettle = 15_000;
/** How long a unit that is just starting or stopping is waited for. */
const longestTransition = 20_000;
/** How many of the units that failed because of the subject are checked. */
const affectedLimit = 16;

/** Either a verdict, or one that holds if nothing changes for a while. */
type Verdict = CheckResult & { wait: number };

/**
 * Whether a unit works again, and those that failed because of it.
 *
 * A unit works when it is active and has stayed so, or ran and ended with success. One that was reset or stopped by hand is no
 * longer failed either. After a fix, even one that ended halfway, that is enough only for a unit that was meant to stop. One that
 * was not started because of another is over when that works, or when nothing has wanted it since the next start of its manager.
 */
export async function checkUnit(systemd: Systemd, incident: Incident, options: CheckOptions): Promise<CheckResult> {
    const subject = await settle(systemd, incident, incident.subject, options);
    if (!subject.gone) return subject;
    const affected = await Promise.all(
        incident.affected
            .slice(0, affectedLimit)
            .map(name => settle(systemd, incident, name, { ...options, needed: true })),
    );
    return affected.find(({ gone }) => !gone) ?? subject;
}

async function settle(
    systemd: Systemd,
    incident: Incident,
    name: string,
    options: CheckOptions & { needed?: boolean },
): Promise<CheckResult> {
    await using resources = new AsyncDisposableStack();
    let changed = Promise.withResolvers<undefined>();
    const watch = await systemd.watch(incident.scope, name, () => {
        changed.resolve(undefined);
    });
    resources.use(watch);
    const deadline = performance.now() + longestTransition;
    let restartsBefore: number | null = null;
    const isOfEarlierStart = incident.kind === 'dependency' && (await wasBeforeStart(systemd, incident, options));
    for (;;) {
        changed = Promise.withResolvers();
        const unit = await systemd.unit(incident.scope, name, options);
        const restarts = unit?.process?.restarts ?? 0;
        restartsBefore ??= restarts;
        if (unit !== null && restarts > restartsBefore) {
            return { gone: false, detail: _('{unit} keeps failing: systemd had to restart it again', { unit: name }) };
        }
        const verdict = judge(unit, name, incident, { ...options, isOfEarlierStart });
        const wait = options.atOnce ? 0 : Math.min(verdict.wait, deadline - performance.now());
        if (wait <= 0 || !(await happensWithin(changed.promise, wait, options.signal))) {
            const { gone, detail, isRemoved } = verdict;
            return { gone, detail, ...(isRemoved && { isRemoved }) };
        }
    }
}

/**
 * Whether the incident was last seen before its manager was started. Until the network tells the time, the time of day may be wrong
 * by hours; the clock of a boot never is.
 */
async function wasBeforeStart(
    systemd: Systemd,
    { scope, evidence, lastSeen }: Incident,
    options: CheckOptions,
): Promise<boolean> {
    const started = await systemd.startedAt(scope, options);
    if (started === 0) return false;
    const machine = filesOf('/');
    const boot = await readBootId(machine);
    const ofBoot = evidence.flatMap(({ cursor }) => (cursor === null ? [] : (monotonicIn(boot, cursor) ?? [])));
    if (ofBoot.length > 0) return Math.max(...ofBoot) < started;
    const booted = await readBootTime(machine);
    return booted !== null && lastSeen < booted.time + started;
}

function judge(
    unit: UnitDetails | null,
    name: string,
    incident: Incident,
    {
        afterFix = false,
        needed = false,
        isOfEarlierStart,
    }: CheckOptions & { needed?: boolean; isOfEarlierStart: boolean },
): Verdict {
    const values = { unit: name };
    const sure = (gone: boolean, detail: string): Verdict => ({ gone, detail, wait: 0 });
    if (unit === null) return { ...sure(true, _('{unit} no longer exists', values)), isRemoved: true };
    if (unit.activeState === 'failed') return sure(false, _('{unit} has failed', values));
    if (unit.subState.startsWith('auto-restart')) {
        return sure(false, _('{unit} keeps failing and is being restarted', values));
    }
    if (unit.activeState === 'active' || unit.activeState === 'reloading' || unit.activeState === 'refreshing') {
        // A oneshot with RemainAfterExit= has no process left that could end.
        const wait = unit.subState === 'exited' ? 0 : settleTimeOf(unit) - millisecondsActive(unit);
        return { gone: true, detail: _('{unit} is running', values), wait };
    }
    if (unit.activeState === 'inactive') {
        if (hasRunSince(unit, incident.lastSeen)) return sure(true, _('{unit} ran and finished successfully', values));
        // What a change did that did not bring it back is no reset by hand; that it failed again since is another matter.
        const isAfterFix = afterFix || incident.facts.lastBeforeTry === String(incident.lastSeen);
        if (isOfEarlierStart && !isAfterFix && !needed)
            return sure(true, _('Nothing has started {unit} since then', values));
        const isEnough = wasStopped(incident) || (!isAfterFix && incident.kind !== 'dependency');
        if (isEnough && !needed) {
            return sure(true, _('{unit} is stopped and no longer in the failed state', values));
        }
        if (!unit.conditionsMet && unit.unmetConditions.length > 0) {
            const condition = unit.unmetConditions.join(', ');
            return sure(false, _('{unit} was not started because {condition} is not met', { ...values, condition }));
        }
        return sure(false, _('{unit} is not running', values));
    }
    return unit.activeState === 'deactivating'
        ? { gone: false, detail: _('{unit} is still stopping', values), wait: longestTransition }
        : { gone: false, detail: _('{unit} is still starting', values), wait: longestTransition };
}

/** A unit that systemd restarts by itself must outlive the delay between two tries. */
function settleTimeOf(unit: UnitDetails): number {
    const delayed = isRestarting(unit) ? (unit.process?.restartDelay ?? 0) / 1000 + 1000 : 0;
    return Math.min(Math.max(settleTime, delayed), longestSettle);
}

function hasRunSince(unit: UnitDetails, time: number): boolean {
    return unit.result === 'success' && unit.process !== null && (unit.process.exitedAt ?? 0) > time;
}

async function happensWithin(event: Promise<undefined>, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    const timer = new AbortController();
    const ended = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
    const late = delay(milliseconds, false, { signal: ended });
    try {
        return await Promise.race([event.then(() => true), late]);
    } finally {
        timer.abort();
        late.catch(() => undefined);
    }
}
