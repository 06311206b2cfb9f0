import type { Evidence } from '../../../extension/remote/model.js';
import { foldEvidence, isJustBefore, sortEvidence } from '../../../extension/state/evidence.ts';
import { diffRuns } from '../../../extension/text/diffRuns.ts';

const said = (time: number, source: string, message: string): Evidence => ({ time, source, origin: 'sshd', message });

describe('The evidence of an incident', () => {
    const edit = said(10, 'timeline', '/etc/ssh/sshd_config was edited');
    const install = said(5, 'timeline', 'openssh-server was installed');
    const bad = said(11, 'journal', 'Bad configuration option');
    const ended = said(12, 'journal', 'terminating');

    it('says what was changed just before from what was seen, the latest change first', () => {
        expect(sortEvidence([install, edit, bad, ended])).toEqual({ changes: [edit, install], others: [bad, ended] });
    });

    it('is counted from when it began for this time, not from when it was first seen', () => {
        const hour = 3_600_000_000;
        const changes = [said(10 * hour, 'timeline', 'the relapse was brought about')];
        expect(isJustBefore(changes, { began: 10 * hour + 5_000_000 })).toBeTrue();
        expect(isJustBefore(changes, { began: 12 * hour })).toBeFalse();
    });

    it('is read once however often it was said, in the order in which it came first', () => {
        expect(foldEvidence([bad, ended, { ...bad, time: 13 }, { ...bad, origin: 'systemd' }])).toEqual([
            { ...bad, times: 2 },
            { ...ended, times: 1 },
            { ...bad, origin: 'systemd', times: 1 },
        ]);
    });
});

describe('A difference', () => {
    it('is drawn by what its lines are', () => {
        expect(diffRuns('@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n@@ -9,0 +10,1 @@\n+e')).toEqual([
            { kind: 'kept', text: ' a' },
            { kind: 'removed', text: '-b' },
            { kind: 'added', text: '+c\n+d' },
            { kind: 'place', line: 10 },
            { kind: 'added', text: '+e' },
        ]);
    });

    it('says where in the file it is, but not of what begins with the file', () => {
        const places = (diff: string) => diffRuns(diff).flatMap(run => (run.kind === 'place' ? [run.line] : []));
        expect(places('@@ -0,0 +1,1 @@\n+a')).toEqual([]);
        expect(places('@@ -1,1 +0,0 @@\n-a')).toEqual([]);
        expect(places('@@ -5,2 +4,0 @@\n-a\n-b')).toEqual([5]);
        expect(places('@@ -122,2 +122,3 @@\n a\n+b\n c')).toEqual([122]);
    });

    it('is known by the first sign of a line alone', () => {
        expect(diffRuns('--- a\n @@ b\n++ c').map(({ kind }) => kind)).toEqual(['removed', 'kept', 'added']);
    });
});
