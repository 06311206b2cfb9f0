import { decodeIncident, decodeProposal } from '../../../extension/remote/decode.ts';
import { jointFix, jointUndo } from '../../../extension/state/jointPlans.ts';

type Properties = Parameters<typeof decodeProposal>[1];

describe('One approval for the fixes of many incidents', () => {
    const incidentOf = (id: number) => decodeIncident(`/i/${id}`, { Id: id, Proposals: [`/i/${id}/p`] });
    const restart = (id: number, properties: Properties = {}) =>
        decodeProposal(`/i/${id}/p`, {
            Incident: `/i/${id}`,
            Action: 'unit.restart',
            Title: `Restart u${id}.service`,
            Risk: 1,
            Reversible: true,
            Steps: [{ description: `Restart u${id}.service`, command: `systemctl restart u${id}.service` }],
            UndoSteps: [{ description: `Stop u${id}.service`, command: `systemctl stop u${id}.service` }],
            Digest: `digest ${id}`,
            ...properties,
        });
    const incidents = [1, 2, 3].map(incidentOf);
    const proposals = (third: Properties = {}) =>
        new Map([restart(1), restart(2), restart(3, third)].map(each => [each.path, each]));
    const fixed = (third: Properties = {}) => jointFix(incidents, proposals(third))?.map(({ path }) => path) ?? null;

    it('stands for the first fix of each', () => {
        expect(fixed()).toEqual(['/i/1/p', '/i/2/p', '/i/3/p']);
    });

    it('is none where one of them is of another kind, riskier, final, a model’s, not offered, or needs a password', () => {
        for (const other of [
            { Action: 'unit.reset' },
            { Risk: 2 },
            { Reversible: false },
            { ProposedBy: 'a model' },
            { Passwords: 1 },
            { State: 1 },
            { State: 7 },
        ])
            expect(fixed(other)).withContext(JSON.stringify(other)).toBeNull();
        expect(jointFix([...incidents, incidentOf(4)], proposals())).toBeNull();
        expect(jointFix(incidents.slice(0, 1), proposals())).toBeNull();
    });

    it('is none where two of them have a step in common, such as the restoring of one file', () => {
        const steps = [{ description: 'Restart u1.service' }, { description: 'Restart u3.service' }];
        expect(fixed({ Steps: steps })).toBeNull();
    });

    it('is undone by one undo, the last one first', () => {
        const applied = new Map(
            [1, 2, 3].map(id => [`/i/${id}/p`, restart(id, { State: id === 2 ? 0 : 2, Applied: id })]),
        );
        const closed = [1, 2, 3].map(id => decodeIncident(`/i/${id}`, { Id: id, State: 2, Proposals: [`/i/${id}/p`] }));
        expect(jointUndo(closed, applied)?.map(({ path }) => path)).toEqual(['/i/3/p', '/i/1/p']);
        expect(jointUndo(closed.slice(0, 2), applied)).toBeNull();
    });
});
