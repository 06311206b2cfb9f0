import { PassThrough } from 'node:stream';

import type { Client } from '../../../service/cli/client.ts';
import { choose, lastReversible, possibleFixes, whenKnown } from '../../../service/cli/commands/change.ts';
import { CommandError, exit } from '../../../service/cli/exit.ts';
import type { Incident, Proposal } from '../../../service/cli/objects.ts';
import { Terminal } from '../../../service/cli/terminal.ts';

describe('What reeve fix applies', () => {
    it('is what ended halfway before what was never begun, best first', () => {
        const fixes = [
            { number: 3, state: 'offered' as const, finishDigest: '' },
            { number: 1, state: 'applied' as const, finishDigest: '' },
            { number: 4, state: 'partial' as const, finishDigest: 'abc' },
            { number: 2, state: 'offered' as const, finishDigest: '' },
            { number: 5, state: 'partial' as const, finishDigest: '' },
        ];
        expect(possibleFixes(fixes).map(({ number }) => number)).toEqual([4, 3, 2]);
    });

    it('of a closed incident is what ended halfway, and nothing else', () => {
        const fixes = [
            { number: 3, state: 'offered' as const, finishDigest: '' },
            { number: 4, state: 'partial' as const, finishDigest: 'abc' },
        ];
        const closed = { id: '1', isOpen: false };
        expect(choose(closed, fixes, undefined).number).toBe(4);
        expect(() => choose(closed, fixes, '3')).toThrowError('Incident 1 is closed.');
        expect(choose({ ...closed, isOpen: true }, fixes, '3').number).toBe(3);
    });
});

describe('reeve fix, right after a fault', () => {
    const named = { kind: 'incident', id: 3 } as const;
    const fixes = [{ number: 1, state: 'offered', finishDigest: '' }] as Proposal[];
    let err: PassThrough;
    let terminal: Terminal;
    beforeEach(() => {
        err = new PassThrough();
        terminal = new Terminal(undefined, err as unknown as NodeJS.WriteStream);
    });
    /** A service that looks for fixes until `found`. */
    const service = (found: Promise<unknown>) => {
        let isLooking = true;
        const incident = () => ({ id: 3, isOpen: true, isLooking }) as Incident;
        return {
            incident: () => Promise.resolve(incident()),
            proposals: () => Promise.resolve(isLooking ? [] : fixes),
            untilIncident: async (fits: (incident: Incident) => boolean) => {
                expect(fits(incident())).toBeFalse();
                await found;
                isLooking = false;
                expect(fits(incident())).toBeTrue();
                return incident();
            },
        } as unknown as Client;
    };

    it('says that a fix is being looked for, and waits for it', async () => {
        const owner = await whenKnown({ terminal }, service(Promise.resolve()), named);
        expect(String(err.read())).toBe('Reeve is looking for a fix.\n');
        expect(owner.proposals).toEqual(fixes);
    });

    it('goes on with what is known when it takes too long', async () => {
        const late = Promise.reject(new CommandError(exit.failed, 'TimedOut', 'late'));
        const owner = await whenKnown({ terminal }, service(late), named);
        expect(owner.proposals).toEqual([]);
        const other = Promise.reject(new CommandError(exit.unavailable, 'ServiceUnavailable', 'gone'));
        await expectAsync(whenKnown({ terminal }, service(other), named)).toBeRejectedWithError('gone');
    });
});

describe('What reeve undo takes back', () => {
    it('is what was applied last of what can be taken back, in whatever order the fixes were offered', () => {
        const applied = [
            { id: 2, applied: 40, reversible: true },
            { id: 5, applied: 20, reversible: true },
            { id: 7, applied: 50, reversible: false },
            { id: 3, applied: 30, reversible: true },
        ];
        expect(lastReversible(applied)?.id).toBe(2);
        expect(lastReversible([{ applied: 7, reversible: false }])).toBeUndefined();
    });
});
