import { readFollowUp, type Turn } from '../../../service/assistant/followUp.ts';
import type { Assistant } from '../../../service/assistant/assistant.ts';
import type { Proposal } from '../../../service/model/proposal.ts';
import { assistantFor, incident, now, proposal, type Situation } from './asking.ts';

const about = (change: Partial<Turn>): Turn => ({
    question: 'what failed today',
    topic: 'failures',
    evidence: [],
    incidents: [],
    proposals: [],
    thing: null,
    choices: [],
    ...change,
});
const plans = [
    { id: 3, owner: { kind: 'task' as const, id: 1 } },
    { id: 4, owner: { kind: 'task' as const, id: 1 } },
];
const read = (text: string, last: Partial<Turn>) => readFollowUp(text, about(last), now);

describe('A follow-up', () => {
    for (const [text, last, question] of [
        ['and yesterday?', {}, 'what failed yesterday'],
        ['and in the last hour?', {}, 'what failed in the last hour'],
        ['und gestern?', { question: 'was ist heute ausgefallen' }, 'was ist ausgefallen gestern'],
        ['وأمس؟', { question: 'ماذا تغير اليوم' }, 'ماذا تغير أمس'],
        ['and yesterday?', { question: 'what used port 8080' }, 'what used port 8080 yesterday'],
        [
            'and yesterday?',
            { question: 'what used port 8080 in the last 3 hours' },
            'what used port 8080 in the yesterday',
        ],
        ['restart it', { thing: 'nginx.service' }, 'restart “nginx.service”'],
        ['fix it', { thing: 'nginx' }, 'fix “nginx”'],
        ['is it up', { thing: 'nginx' }, 'is “nginx” up'],
        ['did it crash', { thing: 'nginx' }, 'did “nginx” crash'],
        ['when did it start', { thing: 'nginx' }, 'when did “nginx” start'],
        ['how much memory does it use', { thing: 'nginx' }, 'how much memory does “nginx” use'],
        ['is it running?', { thing: 'nginx' }, 'is “nginx” running'],
        ['why did it fail', { thing: 'nginx' }, 'why did “nginx” fail'],
        ['please stop this now', { thing: 'cups' }, 'please stop “cups” now'],
        ['starte es neu', { thing: 'cups' }, 'starte “cups” neu'],
        ['halte das bitte an', { thing: 'cups' }, 'halte “cups” bitte an'],
        ['أعد تشغيله', { thing: 'cups' }, 'أعد تشغيل “cups”'],
        ['أوقفها', { thing: 'cups' }, 'أوقف “cups”'],
        ['and nginx?', { question: 'is cups running', thing: 'cups.service' }, 'is nginx running'],
        ['what about nginx', { question: 'show the log of cups', thing: 'cups' }, 'show the log of nginx'],
        ['the second one', { choices: ['what uses memory?', 'what uses the disk?'] }, 'what uses the disk?'],
        ['2', { choices: ['what uses memory?', 'what uses the disk?'] }, 'what uses the disk?'],
        ['die zweite bitte', { choices: ['a?', 'b?'] }, 'b?'],
        ['الثاني', { choices: ['a?', 'b?'] }, 'b?'],
        ['not this one', { choices: ['a?', 'b?'] }, 'b?'],
    ] as const)
        it(`“${text}” is “${question}”`, () => {
            expect(read(text, last)).toEqual({ kind: 'ask', question });
        });

    for (const [text, kind] of [
        ['undo that', 'undo'],
        ['take it back please', 'undo'],
        ['mach das rückgängig', 'undo'],
        ['تراجع عن ذلك', 'undo'],
        ['not this one', 'other'],
        ['the other one', 'other'],
        ['lieber den anderen', 'other'],
        ['why?', 'why'],
        ['Warum?', 'why'],
        ['لماذا؟', 'why'],
        ['how did you find that out?', 'how'],
        ['woher weißt du das?', 'how'],
        ['كيف عرفت ذلك؟', 'how'],
    ] as const)
        it(`“${text}” asks for ${kind}`, () => {
            expect(read(text, { proposals: plans })).toEqual({ kind });
        });

    for (const [text, last] of [
        ['undo that', {}],
        ['why?', {}],
        ['the second one', {}],
        ['restart it', {}],
        ['restart this service', { thing: 'nginx' }],
        ['what time is it', { thing: 'docker.service' }],
        ['wie spät ist es', { thing: 'docker.service' }],
        ['Why was it slow yesterday?', { thing: 'docker.service' }],
        ['When did it get hot?', { thing: 'docker.service' }],
        ['restart it please?', { thing: 'nginx', choices: ['restart it please?', 'b?'] }],
        ['schalte das WLAN aus', { thing: 'nginx' }],
        ['what is the second largest folder', { proposals: plans }],
        ['and what uses memory?', { thing: 'nginx' }],
        ['which service failed yesterday', {}],
        ['and restart it and stop it', { thing: 'nginx' }],
    ] as const)
        it(`“${text}” is none after ${JSON.stringify(last)}`, () => {
            expect(read(text, last)).toBeNull();
        });

    const conversation = { conversation: 'new', client: ':1.5', signal: new AbortController().signal } as const;
    async function say(assistant: Assistant, text: string, client = ':1.5') {
        const answer = assistant.answer(text, { ...conversation, client });
        let whole = '';
        for (;;) {
            const { value, done } = await answer.next();
            if (done === true) return { ...value, text: whole };
            if (typeof value === 'string') whole += value;
        }
    }
    const applied: Proposal = {
        ...proposal,
        state: 'applied',
        plan: { ...proposal.plan, undo: { steps: [], risk: 'low', riskText: '' } } as never,
    };
    const situation: Situation = { open: [incident], offered: [applied] };

    it('is about the last answer of the same conversation, and of no other', async () => {
        const assistant = assistantFor(situation);
        await say(assistant, 'what failed');
        const { text, incidents } = await say(assistant, 'why?');
        expect(text).toContain('Its program ended with exit status 3.');
        expect(incidents).toEqual([incident.id]);
        expect((await say(assistant, 'why?', ':1.6')).topic).toBe('none');
        expect((await say(assistant, 'is it running?')).topic).toBe('unit');
    });

    it('names any of the plans, one after the other, also where one is gone', async () => {
        const plan = (id: number, title: string): Proposal => ({
            ...proposal,
            id,
            number: id,
            plan: { ...proposal.plan, title },
        });
        const [one, two] = [plan(3, 'Restart it'), plan(4, 'Stop it')];
        const offered = [one, two];
        const assistant = assistantFor({
            offered,
            wishes: {
                actions: { plan: () => Promise.resolve(one.plan) },
                proposals: { ask: () => ({ id: 1, proposals: [one, two] }) as never },
                surroundings: { systemd: {}, machine: null } as never,
            },
        });
        expect((await say(assistant, 'turn off the firewall')).proposals.map(({ id }) => id)).toEqual([3, 4]);
        expect((await say(assistant, 'the second one')).text).toContain('Stop it');
        expect((await say(assistant, 'the first one')).text).toContain('Restart it');
        offered.shift();
        expect((await say(assistant, 'the first one')).text).toBe('That plan is no longer there.\n');
        expect((await say(assistant, 'the second one')).text).toContain('Stop it');
    });

    it('shows what the answer rests on', async () => {
        const assistant = assistantFor(situation);
        const { evidence } = await say(assistant, 'how much memory is free');
        const { text, evidence: again } = await say(assistant, 'how did you find that out?');
        expect(again).toEqual(evidence);
        expect(text).toContain('/proc/meminfo');
        expect((await say(assistant, 'und woher weißt du das?')).topic).toBe('none');
    });

    it('chooses from the questions, one of which may be meant', async () => {
        const assistant = assistantFor(situation);
        const { topic, choices, text } = await say(assistant, 'hertz please');
        expect(topic).toBe('choice');
        expect(choices).toEqual(['Which monitors are connected?']);
        expect(text).toBe('Do you mean this?\n');
        expect((await say(assistant, 'the first one')).topic).toBe('fact:displays');
        expect((await say(assistant, 'which port is the ferry leaving from')).choices).toEqual([]);
    });

    it('keeps the answer that it is about', async () => {
        const assistant = assistantFor(situation);
        await say(assistant, 'what failed');
        await say(assistant, 'how did you find that out?');
        expect((await say(assistant, 'why?')).incidents).toEqual([incident.id]);
    });
});
