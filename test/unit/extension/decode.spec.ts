import {
    decodeIncident,
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
        expect(decodeRequest({ State: 0, Text: 'half' })).toEqual({ text: 'half', outcome: null });
        expect(decodeRequest({ State: 1, Text: 'whole' })).toEqual({ text: 'whole', outcome: 0 });
        expect(decodeRequest({ State: 3, Text: '' }).outcome).toBe(2);
    });
});
