import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Actions } from '../../service/actions/actions.ts';
import { Confirmations } from '../../service/detection/confirmations.ts';
import { Detector } from '../../service/detection/detector.ts';
import { makeCheck } from '../../service/diagnosis/check.ts';
import type { Check } from '../../service/diagnosis/check.ts';
import type { CheckOptions } from '../../service/diagnosis/family.ts';
import type { Findings, Tried } from '../../service/diagnosis/playbook.ts';
import { diagnoseReported, remediationFor } from '../../service/diagnosis/reported.ts';
import type { Fix } from '../../service/diagnosis/remediation.ts';
import type { Family } from '../../service/faults/family.ts';
import { families } from '../../service/faults/index.ts';
import type { Incidents } from '../../service/incidents/incidents.ts';
import { ExportParser } from '../../service/journal/exportParser.ts';
import { journalFields, JournalLogEntry } from '../../service/journal/logEntry.ts';
import type { Machine } from '../../service/machine/machine.ts';
import type { Finding, Incident } from '../../service/model/incident.ts';
import { Contents } from '../../service/store/contents.ts';
import { EntryWriter } from './journals.ts';
import type { Fields } from './journals.ts';
import { busOf } from './recordedMachine.ts';
import type { Replies } from './recordedMachine.ts';
import { managerOf, recordedUnits } from './recordedUnits.ts';

/** Microseconds since the Unix epoch. */
export const now = 1_800_000_000_000_000;
export const minute = 60_000_000;

export function incidentOf(family: string, kind: string, change: Partial<Incident> = {}): Incident {
    return {
        id: 1,
        family,
        kind,
        scope: 'system',
        subject: 'eth0',
        severity: 'medium',
        title: 'Something is wrong',
        summary: '',
        cause: 'The log says why.',
        state: 'open',
        stillWrong: '',
        firstSeen: now,
        lastSeen: now,
        count: 1,
        occurrence: null,
        affected: [],
        evidence: [],
        facts: {},
        notification: 'none',
        ...change,
    };
}

export function familyOf(name: string): Family {
    const family = families.find(each => each.name === name);
    if (family === undefined) throw new Error(`There is no family ${name}`);
    return family;
}

export function fixesFor({ family, kind }: Incident): readonly Fix[] {
    return remediationFor(familyOf(family), kind)?.fixes ?? [];
}

export function diagnose(incident: Incident, tried: readonly Tried[] = []): Findings {
    return diagnoseReported(familyOf(incident.family), { incident, tried } as Parameters<typeof diagnoseReported>[1]);
}

/**
 * What comes of an entry of the journal: what is reported at once, and what the state confirms.
 *
 * @param check the recovery check
 */
export async function findingsOf(fields: Fields, check: Check, units: Pick<Incidents, 'findUnit'> = noUnits) {
    const confirmations = new Confirmations({ check, incidents: units, settle: 0 });
    const detector = new Detector({ families, uid: 1000 });
    const found: Promise<Finding | null>[] = [];
    const parser = new ExportParser(journalFields, exported => {
        for (const verdict of detector.feed(new JournalLogEntry(exported))) {
            if (!('finding' in verdict)) continue;
            const { finding, isUnconfirmed = false } = verdict;
            if (!isUnconfirmed) found.push(Promise.resolve(finding));
            else if (confirmations.isDue(finding))
                found.push(confirmations.confirm(finding, new AbortController().signal));
        }
    });
    parser.push(Buffer.from(new EntryWriter().entry(fields)));
    parser.end();
    return (await Promise.all(found)).filter(finding => finding !== null);
}

const noUnits = { findUnit: () => undefined };

/** What org.freedesktop.timedate1 says of a clock that is right. */
export const timedated = { Timezone: 'Europe/Berlin', LocalRTC: false, CanNTP: true, NTP: true, NTPSynchronized: true };

/** A computer that is what a spec writes into it; created again for each spec of the suite that calls this. */
export function faultyComputer() {
    const computer = {
        root: '',
        replies: {} as Replies,
        /** By command line. */
        output: {} as Record<string, string>,
        get machine(): Machine {
            const bus = () => busOf(computer.replies);
            return {
                root: computer.root,
                get system() {
                    return bus();
                },
                get session() {
                    return bus();
                },
                run: (program, argv) => Promise.resolve(computer.output[[program, ...argv].join(' ')] ?? null),
            };
        },
        get actions() {
            const { root, machine } = computer;
            return new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        },
        write(path: string, text: string) {
            mkdirSync(dirname(join(computer.root, path)), { recursive: true });
            writeFileSync(join(computer.root, path), text);
        },
        remove(path: string) {
            rmSync(join(computer.root, path), { recursive: true });
        },
        get check(): Check {
            const { machine } = computer;
            return makeCheck({ ...manager(), families, machine, clock: () => now });
        },
        /** @param later microseconds after the incident */
        async isGone(incident: Incident, later = 0, options: CheckOptions = {}) {
            const { machine } = computer;
            const check = makeCheck({ ...manager(), families, machine, clock: () => now + later });
            return (await check(incident, options)).gone;
        },
    };
    beforeEach(() => {
        computer.root = mkdtempSync(join(tmpdir(), 'reeve-faulty-'));
        computer.replies = {};
        computer.output = {};
    });
    afterEach(() => {
        rmSync(computer.root, { recursive: true });
    });
    return computer;
}

export const manager = () => managerOf(recordedUnits(262));
