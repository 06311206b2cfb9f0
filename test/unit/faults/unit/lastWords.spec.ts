import { unitsOf } from '../../../../service/incidents/family.ts';
import { families } from '../../../../service/faults/index.ts';
import { causeFromLog } from '../../../../service/faults/unit/lastWords.ts';
import type { Evidence } from '../../../../service/model/incident.ts';

const said = (origin: string, message: string): Evidence => ({
    source: 'text',
    time: null,
    origin,
    message,
    cursor: null,
    line: 1,
});

describe('The cause that a log alone tells', () => {
    const cause = 'Its program ended with exit status 1.';
    const manager = said('systemd', 'cups.service: Main process exited, code=exited, status=1/FAILURE');

    it('is what the program said, where that is well known', () => {
        const evidence = [said('cupsd', 'bind: 0.0.0.0:631: Address already in use'), manager];
        expect(causeFromLog({ kind: 'exit-code', cause, evidence })).toBe(
            'Another program already uses network port 631, which it needs. Its message: “bind: 0.0.0.0:631: Address already in use”',
        );
    });

    it('stays what systemd said, where the program only chatted', () => {
        expect(causeFromLog({ kind: 'exit-code', cause, evidence: [said('cupsd', 'goodbye'), manager] })).toBe(cause);
    });

    it('never takes systemd’s own lines for the program’s', () => {
        const evidence = [said('systemd', 'a.service: Failed to open /x: Permission denied')];
        expect(causeFromLog({ kind: 'exit-code', cause, evidence })).toBe(cause);
    });

    it('stays what systemd said of a failure before the program ran', () => {
        const evidence = [said('(a)', 'a.service: Failed at step EXEC spawning /a: Permission denied')];
        expect(causeFromLog({ kind: 'not-executable', cause, evidence })).toBe(cause);
    });

    it('is asked for failed units alone, as another family may name a kind like theirs', () => {
        const { causeOf } = unitsOf(families);
        const evidence = [said('systemd-sleep', 'Failed to open /sys/power/state: Permission denied')];
        expect(causeOf({ family: 'suspend', kind: 'failed', cause, evidence })).toBe(cause);
        expect(causeOf({ family: 'unit', kind: 'failed', cause, evidence })).not.toBe(cause);
    });
});
