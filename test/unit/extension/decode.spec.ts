import {
    decodeConversation,
    decodeConversations,
    decodeIncident,
    decodeLookup,
    decodeManager,
    decodeProposal,
    decodeRequest,
    decodeResult,
} from '../../../extension/remote/decode.ts';

describe('What comes over the bus', () => {
    it('is translated from its numbers', () => {
        const manager = decodeManager({ State: 3, PausedSince: 7, Notices: [{ code: 'a', text: 'b', remedy: 'c' }] });
        expect(manager.state).toBe('paused');
        expect(manager.pausedSince).toBe(7);
        expect(manager.notices).toEqual([{ code: 'a', text: 'b', remedy: 'c' }]);

        const entry = { family: 'unit', scope: 'system', subject: 'a.service', since: 5 };
        expect(decodeManager({ Muted: [entry] }).muted).toEqual([entry]);

        const incident = decodeIncident('/i/1', { Id: 1, Severity: 4, State: 2, Notification: 1, Title: 'x failed' });
        expect(incident).toEqual(
            jasmine.objectContaining({
                path: '/i/1',
                id: 1,
                severity: 'critical',
                state: 'fixed',
                notification: 'wanted',
                title: 'x failed',
            }),
        );
        expect(decodeIncident('/i/1', { FirstSeen: 3, Began: 5 }).began).toBe(5);
        expect(decodeIncident('/i/1', { FirstSeen: 3 }).began).toBe(3);
        expect(decodeProposal('/p/1', { Risk: 1, State: 6, Reversible: true })).toEqual(
            jasmine.objectContaining({ risk: 'low', state: 'void', reversible: true }),
        );
        expect(decodeResult(4, { detail: 'again' })).toEqual(
            jasmine.objectContaining({ outcome: 'still-wrong', detail: 'again' }),
        );
    });

    it('may lack anything, or hold anything', () => {
        expect(decodeIncident('/i/1', {}).title).toBe('');
        expect(decodeIncident('/i/1', { Title: 5, Evidence: 'no', Affected: [1, 'b'] })).toEqual(
            jasmine.objectContaining({ title: '', evidence: [], affected: ['b'] }),
        );
        expect(decodeManager({ Sources: [null, 3, {}] }).sources).toEqual([
            { name: '', state: 'off', detail: '', events: 0, lost: 0 },
        ]);
    });

    it('is not trusted further than it is understood', () => {
        expect(decodeProposal('/p/1', { Risk: 9, State: 99 })).toEqual(
            jasmine.objectContaining({ risk: 'high', state: 'void' }),
        );
        expect(decodeResult(99, {}).outcome).toBe('failed');
    });

    it('says of a request whether it has ended, and how', () => {
        expect(decodeRequest({ State: 0, Text: 'half' })).toEqual({ text: 'half', lookups: [], result: null });
        const whole = decodeRequest({ State: 1, Text: 'whole', Results: { answerer: 'small', conversation: 4 } });
        expect(whole.text).toBe('whole');
        expect(whole.result).toEqual(
            jasmine.objectContaining({ outcome: 'success', answerer: 'small', conversation: 4 }),
        );
        expect(decodeRequest({ State: 3, Text: '' }).result?.outcome).toBe('cancelled');
        expect(decodeRequest({ State: 2, Results: 'no' }).result?.outcome).toBe('failed');
    });

    it('says what was looked up, and in what state that is', () => {
        const step = {
            number: 2,
            limit: 8,
            state: 2,
            tool: 'journal',
            title: 'Journal',
            touched: ['a', 7],
            output: 'x',
        };
        expect(decodeRequest({ Steps: [step] }).lookups).toEqual([
            {
                number: 2,
                limit: 8,
                state: 'failed',
                tool: 'journal',
                title: 'Journal',
                touched: ['a'],
                touchedMore: 0,
                output: 'x',
            },
        ]);
        expect(decodeLookup({ tool: 'units', state: 0 })).toEqual(
            jasmine.objectContaining({ title: 'units', state: 'begun' }),
        );
    });

    it('names who answered only where that was a model', () => {
        expect(decodeResult(0, { answerer: 'built-in' }).answerer).toBe('');
        expect(decodeResult(0, { answerer: 'Qwen3 4B' }).answerer).toBe('Qwen3 4B');
        expect(decodeProposal('/p/1', { ProposedBy: 'Qwen3 4B' }).proposedBy).toBe('Qwen3 4B');
    });

    it('gives of a kept conversation each question with its answer', () => {
        const said = (role: string, text: string, answerer = '') => ({ role, text, answerer, evidence: [] });
        const messages = [said('user', 'Why?'), said('assistant', 'So.', 'small'), said('assistant', 'More.')];
        expect(decodeConversation([messages])).toEqual([
            { question: 'Why?', answer: 'So.', answerer: 'small', evidence: [], lookups: [] },
            { question: '', answer: 'More.', answerer: '', evidence: [], lookups: [] },
        ]);
        expect(decodeConversation(['nothing'])).toEqual([]);
        expect(decodeConversations([[{ id: 3, changed: 5, title: 'Why?', started: 1 }, null]])).toEqual([
            { id: 3, changed: 5, title: 'Why?' },
        ]);
        expect(decodeConversations([])).toEqual([]);
    });
});
