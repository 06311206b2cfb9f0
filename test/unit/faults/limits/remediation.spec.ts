import type { Tried } from '../../../../service/diagnosis/playbook.ts';
import { diagnose, incidentOf, minute, now } from '../../../support/faultyComputer.ts';

describe('Limits', () => {
    it('does not say that a fix was in vain as long as it has not happened again', () => {
        const summary = (lastSeen: number) => {
            const facts = { lastBeforeFix: String(now) };
            const tried = [{ action: 'limits.raise', parameters: {}, explanation: '' }];
            const incident = incidentOf('limits', 'inotify', { facts, lastSeen });
            return diagnose(incident, tried as Tried[]).summary;
        };
        expect(summary(now)).toContain('It has not happened again since the fix.');
        expect(summary(now + minute)).toContain('The fix did not help');
    });
});
