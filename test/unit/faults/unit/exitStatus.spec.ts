import { execFileSync } from 'node:child_process';

import {
    exitStatusName,
    failedBeforeStart,
    setupFailure,
    signalName,
    signalText,
} from '../../../../service/faults/unit/exitStatus.ts';
import { isPresent } from '../../../support/hostPackages.ts';

describe('An exit status', () => {
    it('is named as systemd names it in its log lines', () => {
        expect([3, 203, 42, 0].map(exitStatusName)).toEqual(['3/NOTIMPLEMENTED', '203/EXEC', '42', '0']);
    });

    it('has the same name that the systemd of this machine gives it', () => {
        if (!isPresent('systemd-analyze')) pending('systemd is not installed');
        const table = execFileSync('systemd-analyze', ['exit-status', '--no-pager'], { encoding: 'utf8' });
        const known = [...table.matchAll(/^(\w+) +(\d+) (?:libc|systemd|LSB|BSD)$/gm)];
        expect(known.length).toBeGreaterThan(60);
        for (const [, name, status] of known.slice(1)) {
            expect(exitStatusName(Number(status))).toBe(`${status}/${name}`);
        }
    });

    it('of systemd itself says that the program was never run', () => {
        expect([1, 127, 200, 246, 255].map(failedBeforeStart)).toEqual([false, false, true, true, false]);
    });

    it('of systemd itself is put into words, even one that is not known', () => {
        expect(setupFailure(203)).toBe('Its program is missing or cannot be executed.');
        expect(setupFailure(217)).toBe('The user that it runs as does not exist or cannot be used.');
        expect(setupFailure(213)).toBe('Its settings could not be applied (213/SECUREBITS).');
        expect(setupFailure(1)).toBeNull();
    });
});

describe('A signal', () => {
    it('is named, even one that has no name', () => {
        expect([9, 11].map(signalName)).toEqual(['SIGKILL', 'SIGSEGV']);
        expect(signalName(50)).toBe('signal 50');
    });

    it('is put into words', () => {
        expect(signalText(11)).toContain('crashed');
        expect(signalText(9)).toContain('killed');
        expect(signalText(50)).toBe('Its program was ended by signal 50.');
    });
});
