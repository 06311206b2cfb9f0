import { decodeIncident, decodeProposal } from '../../../extension/remote/decode.ts';
import { absence } from '../../../extension/state/absence.ts';
import {
    cardOrder,
    choosePlans,
    finishable,
    isAwaited,
    isEndToBeSeen,
    isNamedOtherwise,
    undoable,
} from '../../../extension/state/cards.ts';
import { indicatorState, type IndicatorInput } from '../../../extension/state/indicator.ts';

describe('The indicator', () => {
    const well: IndicatorInput = { link: 'present', service: 'watching', openIncidents: 0, isBusy: false };

    it('shows what matters most', () => {
        expect(indicatorState(well)).toEqual({ kind: 'idle', count: 0 });
        expect(indicatorState({ ...well, openIncidents: 2 })).toEqual({ kind: 'attention', count: 2 });
        expect(indicatorState({ ...well, openIncidents: 2, isBusy: true })).toEqual({ kind: 'thinking', count: 2 });
        expect(indicatorState({ ...well, service: 'degraded' })).toEqual({ kind: 'idle', count: 0 });
        expect(indicatorState({ ...well, service: 'paused', openIncidents: 2 })).toEqual({ kind: 'paused', count: 0 });
    });

    it('claims nothing that it does not know', () => {
        expect(indicatorState({ ...well, link: 'absent', openIncidents: 3 })).toEqual({ kind: 'absent', count: 0 });
        expect(indicatorState({ ...well, link: 'starting' })).toEqual({ kind: 'starting', count: 0 });
        expect(indicatorState({ ...well, service: null })).toEqual({ kind: 'starting', count: 0 });
    });
});

describe('A service that is not there', () => {
    const unit = { loadState: 'loaded', activeState: 'failed', result: 'exit-code', status: 3 };

    it('is explained by what systemd says of it', () => {
        expect(absence(unit, '')).toEqual({ kind: 'exited', status: 3 });
        expect(absence({ ...unit, result: 'core-dump' }, '')).toEqual({ kind: 'crashed' });
        expect(absence({ ...unit, result: 'start-limit-hit' }, '')).toEqual({ kind: 'gave-up' });
        expect(absence({ ...unit, result: 'oom-kill' }, '')).toEqual({ kind: 'failed', result: 'oom-kill' });
        expect(absence({ ...unit, activeState: 'activating' }, '')).toEqual({ kind: 'starting' });
        expect(absence({ ...unit, activeState: 'inactive' }, '')).toEqual({ kind: 'stopped' });
        expect(absence({ ...unit, loadState: 'masked', activeState: 'inactive' }, '')).toEqual({ kind: 'masked' });
    });

    it('is explained by what the bus says where systemd says nothing', () => {
        expect(absence(null, 'org.freedesktop.DBus.Error.ServiceUnknown')).toEqual({ kind: 'not-installed' });
        expect(absence(null, 'org.freedesktop.DBus.Error.NoReply')).toEqual({ kind: 'timed-out' });
        expect(absence(null, 'org.freedesktop.DBus.Error.TimedOut')).toEqual({ kind: 'timed-out' });
        expect(absence(null, '')).toEqual({ kind: 'stopped' });
    });
});

describe('Cards', () => {
    const incident = (id: number, properties: Parameters<typeof decodeIncident>[1]) =>
        decodeIncident(`/i/${id}`, { Id: id, ...properties });

    it('name the unit below a title that calls it by its description', () => {
        const of = (Family: string, Title: string) => incident(1, { Family, Title, Subject: 'collector.service' });
        expect(isNamedOtherwise(of('unit', 'Report collector failed'))).toBeTrue();
        expect(isNamedOtherwise(of('unit', 'collector.service failed'))).toBeFalse();
        expect(isNamedOtherwise(of('runaway', 'python3 is using a processor'))).toBeFalse();
    });

    it('stand worst first, then newest first, and closed ones only while kept', () => {
        const incidents = [
            incident(1, { Severity: 2 }),
            incident(2, { Severity: 4 }),
            incident(3, { Severity: 2 }),
            incident(4, { Severity: 4, State: 2 }),
            incident(5, { Severity: 3, State: 3 }),
        ];
        const kept = new Map([incident(5, { Severity: 3, State: 3 })].map(each => [each.path, each]));
        expect(cardOrder(incidents, kept).map(({ id }) => id)).toEqual([2, 5, 3, 1]);
        // The bus has only the last that closed.
        expect(cardOrder(incidents.slice(0, 4), kept).map(({ id }) => id)).toEqual([2, 5, 3, 1]);
    });

    const proposal = (id: number, properties: Parameters<typeof decodeProposal>[1]) =>
        decodeProposal(`/p/${id}`, { Id: id, Risk: 1, Reversible: true, ...properties });

    const open = incident(1, {});

    it('show how an incident ended, but not of what came and went by itself while nobody looked', () => {
        const recovered = incident(1, { State: 3 });
        const tried = (...states: number[]) => states.map((State, index) => proposal(index, { State }));
        const [offered, applying, applied] = [0, 1, 2] as const;
        expect(isEndToBeSeen(recovered, tried(offered), false)).toBeFalse();
        expect(isEndToBeSeen(recovered, tried(offered), true)).toBeTrue();
        expect(isEndToBeSeen(recovered, tried(offered, applying), false)).toBeTrue();
        expect(isEndToBeSeen(recovered, tried(applied), false)).toBeTrue();
        expect(isEndToBeSeen(incident(1, { State: 2 }), [], false)).toBeTrue();
        expect(isEndToBeSeen(incident(1, { State: 4 }), [], true)).toBeFalse();
        expect(isEndToBeSeen(open, [], true)).toBeFalse();
    });

    it('show the end for somebody who followed a step, but not for the last one, which ends by itself', () => {
        const steps = (...seen: boolean[]) => seen.map(isSeen => ({ text: 'Plug it in.', seen: isSeen, panel: '' }));
        expect(isEndToBeSeen(incident(1, { State: 3, Steps: steps(true, true) }), [], false)).toBeTrue();
        expect(isEndToBeSeen(incident(1, { State: 3, Steps: steps(false, true) }), [], false)).toBeFalse();
        expect(isEndToBeSeen(incident(1, { State: 3, Steps: steps(true) }), [], false)).toBeFalse();
    });

    it('show the best plan, the one that the user picked, or the one that is under way', () => {
        const [first, second, third] = [proposal(1, {}), proposal(2, {}), proposal(3, { State: 1 })];
        expect(choosePlans(open, [first, second], null)).toEqual({ current: first, alternatives: [second], past: [] });
        expect(choosePlans(open, [first, second], '/p/2')).toEqual({
            current: second,
            alternatives: [first],
            past: [],
        });
        expect(choosePlans(open, [first, third], '/p/1')).toEqual({ current: third, alternatives: [first], past: [] });
    });

    it('do not offer what was declined, is void or is over', () => {
        const over = proposal(3, { State: 2 });
        expect(choosePlans(open, [proposal(1, { State: 7 }), proposal(2, { State: 6 }), over], null)).toEqual({
            current: null,
            alternatives: [],
            past: [over],
        });
    });

    it('offer nothing more when the incident has closed', () => {
        const [first, undoing] = [proposal(1, {}), proposal(2, { State: 4 })];
        const recovered = incident(1, { State: 3 });
        expect(choosePlans(recovered, [first], null)).toEqual({ current: null, alternatives: [], past: [] });
        expect(choosePlans(recovered, [first, undoing], null)).toEqual({
            current: null,
            alternatives: [],
            past: [undoing],
        });
    });

    const undo = { UndoSteps: [{ description: 'Stop it' }] };

    it('take back first what was done last', () => {
        const applied = [
            proposal(1, { ...undo, State: 2, Applied: 30 }),
            proposal(2, { ...undo, State: 4, Applied: 40 }),
            proposal(3, { ...undo, State: 8, Applied: 20 }),
            proposal(4, { State: 2, Applied: 50, Reversible: false }),
            proposal(5, { ...undo, State: 3, Applied: 60 }),
            proposal(6, { ...undo, State: 5, Applied: 70 }),
        ];
        expect(undoable(applied).map(({ id }) => id)).toEqual([2, 1, 3]);
    });

    it('finish what ended halfway, also once what failed first works again, and offer the other fixes beside it', () => {
        const half = proposal(1, { State: 8, FinishSteps: [{ description: 'Start it' }], FinishDigest: 'abc' });
        const other = proposal(2, {});
        const { current, past } = choosePlans(open, [half, other], null);
        expect([current, past]).toEqual([other, [half]]);
        expect(finishable(past)).toEqual([half]);
        const over = choosePlans(incident(1, { State: 3 }), [half, other], null);
        expect([over.current, finishable(over.past)]).toEqual([null, [half]]);
        // Meanwhile it stays where it is, and nothing else is offered.
        const applying = proposal(1, { State: 1 });
        const meanwhile = choosePlans(open, [applying, other], null, applying.path);
        expect([meanwhile.current, meanwhile.alternatives]).toEqual([null, []]);
        expect(finishable(meanwhile.past, applying.path)).toEqual([applying]);
        expect(choosePlans(open, [applying, other], null).current).toBe(applying);
        expect(finishable([proposal(3, { State: 8 })]))
            .withContext('nothing is left')
            .toEqual([]);
    });

    it('wait for the user only while there is something to decide or to see', () => {
        const recovered = incident(1, { State: 3 });
        expect(isAwaited(open, proposal(1, {}))).toBeTrue();
        expect(isAwaited(open, proposal(1, { State: 7 }))).toBeFalse();
        expect(isAwaited(recovered, proposal(1, {}))).toBeFalse();
        expect(isAwaited(recovered, proposal(1, { State: 4 }))).toBeTrue();
    });
});
