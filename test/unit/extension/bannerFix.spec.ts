import { decodeProposal } from '../../../extension/remote/decode.ts';
import { bannerFix, mayTryAgain, mayUndoAtOnce } from '../../../extension/state/bannerFix.ts';

const restart = { description: 'Restart web.service' };
const proposal = (properties: Parameters<typeof decodeProposal>[1]) =>
    decodeProposal('/p/1', { Risk: 1, Reversible: true, Title: 'Repair web.service', Steps: [restart], ...properties });

describe('A banner', () => {
    it('names the change, and applies what its line says in full', () => {
        expect(bannerFix(proposal({}))).toEqual({ words: ['Restart web.service'], isAtOnce: true });
        const reset = { description: 'Reset the failed state of web.service' };
        expect(bannerFix(proposal({ Steps: [reset, restart] }))).toEqual({
            words: ['Reset the failed state of web.service', 'Restart web.service'],
            isAtOnce: true,
        });
    });

    const forTheCard: Record<string, Parameters<typeof decodeProposal>[1]> = {
        'is of more than low risk': { Risk: 2 },
        'cannot be undone': { Reversible: false },
        'was proposed by a model': { ProposedBy: 'Qwen3 4B' },
        'changes the content of a file': { Steps: [{ ...restart, diff: '-a' }] },
        'runs programs': { Steps: [{ description: 'Restore /etc/web.conf', commands: ['tee -- /etc/web.conf'] }] },
        'has more steps than a line has room for': { Steps: [restart, restart, restart] },
        'is longer than a line': { Steps: [{ description: `Restart ${'x'.repeat(140)}.service` }] },
        'has a step without words': { Steps: [{ description: '' }] },
        'has no steps': { Steps: [] },
    };
    for (const [what, properties] of Object.entries(forTheCard))
        it(`leaves to the card what ${what}, and names it by its title`, () => {
            expect(bannerFix(proposal(properties))).toEqual({ words: ['Repair web.service'], isAtOnce: false });
        });

    it('has nothing to name where there is no fix', () => {
        expect(bannerFix(null)).toBeNull();
    });

    it('asks again for a missed password only for the plan that was approved, and before any of it is done', () => {
        const approved = proposal({ State: 0, Digest: 'a' });
        const missed = { outcome: 'refused', stepsDone: 0 } as const;
        const fix = (kind: 'apply' | 'finish' | 'undo', of = approved) => ({ kind, proposal: of });
        expect(mayTryAgain(fix('apply'), missed, approved)).toBeTrue();
        expect(mayTryAgain(fix('apply'), { ...missed, outcome: 'cancelled' }, approved)).toBeTrue();
        expect(mayTryAgain(fix('apply'), { ...missed, outcome: 'failed' }, approved)).toBeFalse();
        expect(mayTryAgain(fix('apply'), { ...missed, stepsDone: 1 }, approved)).toBeFalse();
        expect(mayTryAgain(fix('apply'), missed, proposal({ State: 0, Digest: 'b' }))).toBeFalse();
        expect(mayTryAgain(fix('apply'), missed, proposal({ State: 0, Digest: 'a', Risk: 3 }))).toBeFalse();
        expect(mayTryAgain(fix('apply'), missed, proposal({ State: 2, Digest: 'a' }))).toBeFalse();
        const partial = proposal({ State: 8, FinishDigest: 'c' });
        expect(mayTryAgain(fix('finish', partial), missed, partial)).toBeTrue();
        const applied = proposal({ State: 2, UndoSteps: [{ description: 'Stop it' }] });
        expect(mayTryAgain(fix('undo', applied), missed, applied)).toBeTrue();
        const others = { State: 2, UndoSteps: [{ description: 'Stop it' }, { description: 'Stop another' }] };
        expect(mayTryAgain(fix('undo', applied), missed, proposal(others))).toBeFalse();
        expect(mayTryAgain(fix('undo', applied), missed, proposal({ ...others, UndoSteps: [] }))).toBeFalse();
    });

    it('undoes at one click only what is applied, said in full, and depends on no order', () => {
        const applied = { State: 2, UndoSteps: [{ description: 'Stop it' }] };
        expect(mayUndoAtOnce(proposal(applied))).toBeTrue();
        expect(mayUndoAtOnce(proposal(applied), proposal({ ...applied, UndoText: 'Stops another' }))).toBeFalse();
        expect(mayUndoAtOnce(proposal({ ...applied, State: 5 }))).toBeFalse();
        expect(mayUndoAtOnce(proposal({ ...applied, UndoFirst: ['/p/2'] }))).toBeFalse();
        expect(
            mayUndoAtOnce(proposal({ ...applied, UndoSteps: [{ description: 'Edit it', diff: '+a' }] })),
        ).toBeFalse();
        const program = { description: 'Restore it', commands: ['tee -- /etc/web.conf'] };
        expect(mayUndoAtOnce(proposal({ ...applied, UndoSteps: [program] }))).toBeFalse();
    });
});
