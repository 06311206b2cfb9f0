// An assistant on a recorded machine, and what it answers.
import { Assistant } from '../../../service/assistant/assistant.ts';
import type { AnswerResult, AskOptions, ModelParts } from '../../../service/assistant/assistant.ts';
import type { Sources } from '../../../service/assistant/answer.ts';
import type { Speech } from '../../../service/i18n/i18n.ts';
import type { Conversations } from '../../../service/assistant/conversation/conversations.ts';
import type { Step } from '../../../service/assistant/conversation/step.ts';
import type { WishParts } from '../../../service/assistant/wishes/wishAnswer.ts';
import type { Incident } from '../../../service/model/incident.ts';
import type { JournalEntry } from '../../../service/model/journalEntry.ts';
import type { Proposal } from '../../../service/model/proposal.ts';
import type { TimelineEntry } from '../../../service/model/timelineEntry.ts';
import type { JournalQuery } from '../../../service/journal/query.ts';
import type { Preferences } from '../../../service/preferences/preferences.ts';
import { parseUnit } from '../../../service/machine/units/unitDetails.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { recorded, recordedUnits } from '../../support/recordedUnits.ts';
import { desktopUnits } from './desktopUnits.ts';

export const now = new Date(2026, 10, 21, 12).getTime() * 1000;

export const incident: Incident = {
    id: 7,
    family: 'unit',
    kind: 'failed',
    scope: 'system',
    subject: 'sample-web.service',
    severity: 'high',
    title: 'sample-web.service failed',
    summary: 'The web server stopped.',
    cause: 'Its program ended with exit status 3.',
    state: 'open',
    stillWrong: '',
    firstSeen: now - 300_000_000,
    lastSeen: now - 300_000_000,
    count: 1,
    occurrence: null,
    affected: [],
    evidence: [
        {
            source: 'journal',
            time: now,
            origin: 'sample-web.service',
            message: 'bind: in use',
            cursor: 's=1;i=2',
            line: null,
        },
    ],
    facts: {},
    notification: 'none',
};

export const proposal: Proposal = {
    id: 3,
    owner: { kind: 'incident', id: 7 },
    number: 1,
    rank: 0,
    plan: {
        action: 'unit.restart',
        parameters: {},
        title: 'Restart sample-web.service',
        explanation: '',
        steps: [],
        risk: 'low',
        riskText: '',
        undo: null,
        authentication: true,
        preconditions: {},
    },
    digest: '0'.repeat(64),
    state: 'offered',
    outcome: '',
    applied: 0,
    done: null,
    grant: '',
    runs: {},
    standing: { underWay: null, isUnsure: false, undone: [], isInVain: false },
};

export function entry(change: Partial<JournalEntry>): JournalEntry {
    return {
        cursor: 's=abc;i=1',
        line: null,
        time: now - 60_000_000,
        bootId: 'b1',
        transport: 'journal',
        priority: 3,
        identifier: 'web',
        pid: 100,
        uid: 0,
        command: 'web',
        unit: 'sample-web.service',
        userUnit: null,
        messageId: null,
        message: 'something happened',
        fields: {},
        ...change,
    };
}

export type Situation = Partial<Sources> & {
    open?: Incident[];
    offered?: Proposal[];
    happened?: TimelineEntry[];
    journalled?: JournalEntry[];
    locale?: string;
    speech?: (language: string) => Promise<Speech>;
    models?: ModelParts;
    wishes?: WishParts;
    preferences?: Preferences;
    conversations?: Conversations;
    settings?: () => { keep_conversations: boolean; steps: number };
};

const recordedSystemd: Sources['systemd'] = {
    isReachable: scope => scope === 'system',
    list: (_scope, filter) => {
        const states = filter?.states ?? [];
        return Promise.resolve(desktopUnits.filter(unit => states.length === 0 || states.includes(unit.activeState)));
    },
    listFiles: () => Promise.resolve([{ name: 'sample-web.service', state: 'enabled' }]),
    unit: (scope, name) => {
        const { unit, ofType } = recorded(recordedUnits(262), 'sample-web.service');
        const known = desktopUnits.find(other => other.name === name);
        if (known === undefined && name !== 'sample-web.service') return Promise.resolve(null);
        const state = known && {
            Id: name,
            Description: known.description,
            ActiveState: known.activeState,
            SubState: known.subState,
        };
        return Promise.resolve(parseUnit(scope, { ...unit, ...state }, ofType));
    },
};

export function assistantFor(situation: Situation = {}): Assistant {
    const { open = [], offered = [], happened = [], journalled = [], ...sources } = situation;
    return new Assistant({
        machine: recordedMachine(),
        systemd: recordedSystemd,
        journal: {
            query: ({ lines }: JournalQuery) => Promise.resolve(journalled.slice(0, lines)),
            access: () => Promise.resolve('system' as const),
        },
        incidents: { list: () => open },
        proposals: { list: () => offered },
        guides: { steps: () => [] },
        diagnosis: { isLooking: () => false },
        timeline: {
            query: filter =>
                happened.filter(
                    ({ time, kind }) =>
                        time >= (filter?.since ?? 0) &&
                        time <= (filter?.until ?? Infinity) &&
                        (filter?.kinds ?? [kind]).includes(kind),
                ),
        },
        version: '0.1.0',
        locale: 'en',
        clock: () => now,
        ...sources,
    });
}

export type Answered = AnswerResult & { text: string; chunks: string[]; told: Step[] };

export async function ask(
    question: string,
    situation: Situation = {},
    options: Partial<AskOptions> = {},
): Promise<Answered> {
    const answer = assistantFor(situation).answer(question, { signal: new AbortController().signal, ...options });
    const chunks: string[] = [];
    const told: Step[] = [];
    for (;;) {
        const { value, done } = await answer.next();
        if (done === true) return { ...value, text: chunks.join(''), chunks, told };
        if (typeof value === 'string') chunks.push(value);
        else told.push(value);
    }
}
