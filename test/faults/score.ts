// How Reeve did in one scenario: provoke, look, repair, fix, check, undo, clear, and look at what is left.
import { setTimeout as pause } from 'node:timers/promises';
import type { Desktop } from '../desktop/desktop.ts';
import { Screen } from '../desktop/support/screen.ts';
import { until } from '../desktop/waiting.ts';
import { incidentStates, type Incident, type Proposal, type Reeve } from './reeve.ts';
import type { Expectation, Scenario } from './scenario.ts';
import { differences, readSystemState, type SystemState } from './systemState.ts';

/** null where there is nothing to see, such as the undoing of what cannot be undone. */
export type Mark = boolean | null;

export const aspects = {
    one: 'one incident',
    family: 'right family',
    subject: 'right subject',
    cause: 'right cause',
    fix: 'right fix offered',
    works: 'fix works',
    verified: 'verified',
    undone: 'undone',
    unchanged: 'nothing else changed',
    announced: 'announced once, or not at all when the severity is low',
} as const;
export type Aspect = keyof typeof aspects;

export type Score = {
    title: string;
    family: string;
    by: Scenario['by'];
    /** Why it could not be tried; then nothing else counts. */
    leftOut: string;
    /** Seconds from the first log entry or signal that reported the fault to the incident on the bus; null when not noticed. */
    noticed: number | null;
    marks: Record<Aspect, Mark>;
    /** What was seen instead of what was expected, for people. */
    remarks: string[];
};

/** How long a fault may stay unnoticed; and how long after it has been explained no second incident may come. Milliseconds. */
const noticeLimit = 12_000;
const aftermath = 2500;
const echo = 1000;
/** A change right before a fault may be its cause, also one that clears the last fault. */
const sameMoment = 2500;
/** At startup, problems are collected for some seconds before they are reported. */
const announceLimit = 8000;
/** Incident.Severity from which an incident is announced. */
const announcedFrom = 2;

export function newScore({ title, by, expect: { family } }: Scenario): Score {
    const marks = Object.fromEntries(Object.keys(aspects).map(aspect => [aspect, null])) as Record<Aspect, Mark>;
    return { title, family, by, leftOut: '', noticed: null, marks, remarks: [] };
}

export async function scoreScenario(desktop: Desktop, reeve: Reeve, scenario: Scenario): Promise<Score> {
    const score = newScore(scenario);
    const before = await readSystemState(desktop);
    const screen = new Screen(desktop);
    try {
        if (scenario.prepare !== undefined) {
            await scenario.prepare(desktop);
            // What comes of it, such as a network without the internet, is another story.
            await pause(echo * desktop.slowness);
            await dismissAll(reeve);
        }
        const known = new Set((await reeve.incidents()).keys());
        const announcedBefore = (await screen.announced()).length;
        await scenario.provoke(desktop);
        const incident = await settle(reeve, known, scenario, desktop.slowness);
        if (incident !== undefined && incident.Severity >= announcedFrom) {
            // Before it is repaired: a problem that is resolved by then is rightly not reported.
            const isAnnounced = async () => (await screen.announced()).slice(announcedBefore).includes(incident.Title);
            await until('the incident is announced', isAnnounced, { timeout: announceLimit * desktop.slowness }).catch(
                () => undefined,
            );
        }
        if (incident === undefined) {
            score.remarks.push('not noticed');
            await scenario.repair?.(desktop);
        } else {
            await judge(score, { desktop, reeve, scenario, incident });
        }
        const seen = [...(await reeve.incidents()).values()].filter(({ path }) => !known.has(path));
        const announced = (await screen.announced()).slice(announcedBefore);
        const named = incident === undefined ? [] : announced.filter(text => text === incident.Title);
        if (incident !== undefined) {
            const shouldBe = incident.Severity >= announcedFrom ? 1 : 0;
            mark(score, 'one', seen.length === 1, seen.map(describe).join('; '));
            mark(score, 'announced', named.length === shouldBe, `announced: ${announced.join(' | ') || 'nothing'}`);
        }
    } finally {
        await scenario.clear?.(desktop);
        await dismissAll(reeve);
        await screen.clearNotifications();
    }
    const [after] = await Promise.all([readSystemState(desktop), pause(sameMoment)]);
    const left = differences(before, after);
    if (score.marks.unchanged !== false)
        mark(score, 'unchanged', left.length === 0, `left: ${left.slice(0, 4).join('; ')}`);
    return score;
}

async function dismissAll(reeve: Reeve): Promise<void> {
    for (const incident of (await reeve.incidents()).values()) {
        if (incident.State === incidentStates.open) await reeve.dismiss(incident);
    }
}

type Trial = { desktop: Desktop; reeve: Reeve; scenario: Scenario; incident: Incident };

async function judge(score: Score, { desktop, reeve, scenario, incident }: Trial): Promise<void> {
    const { expect } = scenario;
    const added = await reeve.addedAt(incident.path);
    score.noticed = added === undefined ? 0 : Math.max(0, (added - incident.FirstSeen) / 1e6);
    mark(score, 'family', incident.Family === expect.family, `family ${incident.Family}`);
    mark(score, 'subject', fits(incident.Subject, expect.subject), `subject ${incident.Subject}`);
    // The title of a unit's incident only says that it failed, and how.
    const title = incident.Family === 'unit' ? [] : [incident.Title];
    const account = [...title, incident.Cause, incident.Summary].join('\n');
    mark(score, 'cause', expect.cause.test(account), `the account: “${account}”`);
    const offered = await reeve.proposals(incident);
    const [first] = offered;
    mark(
        score,
        'fix',
        first?.Action === expect.fix,
        `offered ${offered.map(({ Title }) => Title).join(', ') || 'nothing'}`,
    );
    await scenario.repair?.(desktop);
    if (expect.fix !== undefined && expect.isChecked !== false) {
        if (first?.Action === expect.fix) await tryFix(score, { desktop, reeve, scenario, incident }, first);
        else for (const aspect of ['works', 'verified'] as const) score.marks[aspect] = false;
    } else if (expect.isChecked) {
        const { gone, detail } = await reeve.recheck(incident);
        mark(score, 'verified', gone, `the check says “${detail}”`);
    }
}

async function tryFix(score: Score, { desktop, reeve, scenario, incident }: Trial, proposal: Proposal): Promise<void> {
    const { expect } = scenario;
    const before = await readSystemState(desktop);
    let outcome = await reeve.apply(proposal, incident.Subject);
    if (outcome.includes('PlanChanged')) {
        // The repair changed what the plan was made for; a person looks at the new one.
        const find = async () => {
            const [first] = await reeve.proposals(incident);
            return first?.Action === proposal.Action && first.Digest !== proposal.Digest ? first : undefined;
        };
        const fresh = await until('a new plan is offered', find).catch(() => undefined);
        if (fresh !== undefined) {
            outcome = await reeve.apply(fresh, incident.Subject);
            proposal = fresh;
        }
    }
    mark(score, 'works', outcome === '', `fix: ${outcome}`);
    if (outcome !== '') {
        score.marks.verified = false;
        return;
    }
    const isClosed = await until(
        'the incident is closed',
        async () => (await reeve.incidents()).get(incident.path)?.State === incidentStates.fixed,
        { timeout: 15_000 * desktop.slowness },
    ).catch(() => false);
    mark(score, 'verified', isClosed, 'not closed as fixed');
    const strange = differences(before, await readSystemState(desktop)).filter(
        line => !isOfTheFix(line, incident, expect),
    );
    mark(score, 'unchanged', strange.length === 0, `the fix changed ${strange.slice(0, 4).join('; ')}`);
    if (!proposal.Reversible) return;
    const undoing = await reeve.undo(proposal);
    const left: SystemState = await readSystemState(desktop);
    const notBack = differences(before, left).filter(line => !isOfTheFix(line, incident, expect));
    mark(score, 'undone', undoing === '' && notBack.length === 0, `undo: ${undoing} ${notBack.slice(0, 4).join('; ')}`);
}

/** The incident that a scenario is about, once it is explained and nothing more comes of the fault. */
async function settle(
    reeve: Reeve,
    known: ReadonlySet<string>,
    { expect, patience = noticeLimit }: Scenario,
    slowness: number,
): Promise<Incident | undefined> {
    const find = async () => {
        const fresh = [...(await reeve.incidents()).values()].filter(({ path }) => !known.has(path));
        const [best] = fresh.toSorted((one, other) => closeness(other, expect) - closeness(one, expect));
        return best;
    };
    const noticed = await until('there is an incident', find, { timeout: patience * slowness }).catch(() => undefined);
    if (noticed === undefined) return undefined;
    let last = '';
    let since = performance.now();
    // How long nothing may come cannot be seen from a state: it is a time by its nature.
    return until(
        'nothing more comes of it',
        async () => {
            const best = await find();
            const now = JSON.stringify(best);
            if (now !== last) since = performance.now();
            last = now;
            if (best === undefined || best.Looking) return undefined;
            if (performance.now() - since <= aftermath * slowness) return undefined;
            // What looks for a fix may take longer still, such as apt. What it found changes the cause a moment after the fix is there.
            if (expect.fix !== undefined && best.Proposals.length === 0) return undefined;
            return expect.fix === undefined || (await reeve.proposals(best)).length > 0 ? best : undefined;
        },
        { timeout: 30_000 * slowness, every: 200 * slowness },
    ).catch(find);
}

function closeness({ Family, Subject }: Incident, { family, subject }: Expectation): number {
    return Number(fits(Subject, subject)) * 2 + Number(Family === family);
}

function fits(text: string, wanted: string | RegExp): boolean {
    return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}

/** A fix may change what the incident is about, and what the scenario names. */
function isOfTheFix(line: string, { Subject }: Incident, { changes }: Expectation): boolean {
    return line.includes(` ${Subject} `) || (changes?.test(line) ?? false);
}

function mark(score: Score, aspect: Aspect, isGood: boolean, remark: string): void {
    score.marks[aspect] = isGood;
    if (!isGood) score.remarks.push(remark);
}

function describe({ Family, Kind, Subject }: Incident): string {
    return `${Family}/${Kind} of ${Subject}`;
}
