import { Detector } from '../../../service/detection/detector.ts';
import { families } from '../../../service/faults/index.ts';
import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import { programName, sourcesOf } from '../../../service/detection/programs.ts';
import { writerOf } from '../../../service/detection/writer.ts';
import { ExportParser } from '../../../service/journal/exportParser.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';
import type { Fields } from '../../support/journals.ts';
import { analyseExport, assessmentOf } from './recordings.ts';

/** Calls `take` with an entry of a journal, which is valid only during the call. */
function withEntry<T>(fields: Fields, take: (entry: JournalLogEntry) => T): T {
    const taken: T[] = [];
    const parser = new ExportParser(journalFields, exported => taken.push(take(new JournalLogEntry(exported))));
    parser.push(Buffer.from(new EntryWriter().entry(fields)));
    parser.end();
    const [result] = taken;
    if (result === undefined) throw new Error('no entry');
    return result;
}

const sources = (fields: Fields) => withEntry(fields, entry => [...sourcesOf(entry, writerOf(entry, 1000))]);

describe('Who is believed', () => {
    const judge = (fields: Fields) =>
        withEntry(fields, entry => assessmentOf(new Detector({ families, uid: null }), entry)?.family ?? null);

    it('is the kernel, but not a name in an audit record', () => {
        const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', PRIORITY: 5 };
        const denied =
            'audit: type=1400 audit(1700000000.1:9): apparmor="DENIED" operation="open" profile="p" name="/tmp/LBUG"';
        expect(judge({ ...kernel, MESSAGE: 'LustreError: LBUG' })).toBe('crash');
        expect(judge({ ...kernel, MESSAGE: denied })).toBe('access');
        expect(judge({ _TRANSPORT: 'audit', MESSAGE: 'USER_AUTH pid=9 msg=\'acct="LBUG" res=failed\'' })).toBeNull();
        const line = `Nov 21 10:00:00 host kernel: ${denied}`;
        const entry = new TextLogEntry(Buffer.from(line), 1, Date.UTC(2026, 10, 21, 12) * 1000);
        expect(assessmentOf(new TextDetector(), entry)).toEqual(jasmine.objectContaining({ family: 'access' }));
    });

    it('is a process of root by what it is, not by what it calls itself', () => {
        const root = { _UID: 0, _TRANSPORT: 'journal' };
        expect(sources({ ...root, _COMM: 'cron', SYSLOG_IDENTIFIER: 'CRON' })).toEqual(['login']);
        expect(sources({ ...root, _COMM: 'gdm-session-wor', SYSLOG_IDENTIFIER: 'gdm-password' })).toContain('login');
        expect(sources({ ...root, SYSLOG_IDENTIFIER: 'su' })).toContain('login');
        expect(sources({ _UID: 1000, SYSLOG_IDENTIFIER: 'su' })).toEqual([]);
    });

    it('is no program of a user, whatever it calls itself', () => {
        // Seen with sudo 1.9.17 and su: journald has the user who started them.
        const user = { _UID: 1000, _TRANSPORT: 'syslog', _SYSTEMD_UNIT: 'user@1000.service' };
        expect(sources({ ...user, _COMM: 'sudo', _EXE: '/home/alice/sudo', SYSLOG_IDENTIFIER: 'sudo' })).toEqual([]);
        expect(sources({ ...user, _COMM: 'su', _EXE: '/usr/bin/su', SYSLOG_IDENTIFIER: 'su' })).toEqual([]);
        const sudo = { ...user, _COMM: 'sudo', _EXE: '/usr/bin/sudo', SYSLOG_IDENTIFIER: 'sudo', PRIORITY: 1 };
        expect(sources(sudo)).toEqual(['sudo']);
        expect(judge({ ...sudo, MESSAGE: 'bob : user NOT in sudoers ; PWD=/ ; USER=root ; COMMAND=/bin/ls' })).toBe(
            'login',
        );
        const locked = 'Consecutive login failures for user root account temporarily locked';
        expect(judge({ ...sudo, MESSAGE: `pam_faillock(sudo:auth): ${locked}` })).toBeNull();
        expect(judge({ ...sudo, _UID: 0, MESSAGE: `pam_faillock(sudo:auth): ${locked}` })).toBe('login');
    });

    it('tells an account that has expired from one that attempts have locked', () => {
        const gdm = { _UID: 0, _COMM: 'gdm-session-wor', _TRANSPORT: 'syslog', PRIORITY: 5 };
        const kind = (message: string) =>
            analyseExport(new EntryWriter().entry({ ...gdm, MESSAGE: message })).incidents()[0]?.kind;
        expect(kind('pam_unix(gdm-password:account): account bob has expired (account expired)')).toBe('expired');
        expect(kind('pam_unix(gdm-password:account): expired password for user bob (root enforced)')).toBe('expired');
        expect(
            kind('pam_faillock(gdm-password:auth): Consecutive login failures for user bob account temporarily locked'),
        ).toBe('locked');
    });

    it('is named by the last part of a path, whatever is before it', () => {
        expect(
            [
                'user@1000.service/pipewire.service',
                'sshd@3-1.service',
                '/usr/sbin/cron',
                'sshd(pam_unix)',
                '.service',
            ].map(programName),
        ).toEqual(['pipewire', 'sshd', 'cron', 'sshd', '.service']);
    });

    it('is named as it is without the script that NixOS has call it', () => {
        expect(['.gnome-shell-wr', '.gnome-shell-wrapped', '.dleyna-rendere', '.hidden'].map(programName)).toEqual([
            'gnome-shell',
            'gnome-shell',
            'dleyna-rendere',
            '.hidden',
        ]);
    });

    it('is no container, whatever its name', () => {
        const docker = { _UID: 0, _COMM: 'dockerd', _SYSTEMD_UNIT: 'docker.service' };
        expect(sources({ ...docker, SYSLOG_IDENTIFIER: 'dockerd', _TRANSPORT: 'stdout' })).toEqual(['containers']);
        for (const fields of [docker, { _UID: 0, _COMM: 'conmon' }]) {
            expect(sources({ ...fields, SYSLOG_IDENTIFIER: 'nginx', _TRANSPORT: 'journal' })).toEqual([]);
        }
    });

    it('is cron, but not what it runs for people', () => {
        const cron = { _TRANSPORT: 'syslog', _SYSTEMD_UNIT: 'cron.service' };
        expect(sources({ ...cron, _UID: 0, _COMM: 'cron', SYSLOG_IDENTIFIER: 'CRON' })).toEqual(['login']);
        expect(sources({ ...cron, _UID: 1000, _COMM: 'logger', SYSLOG_IDENTIFIER: 'sshd' })).toEqual([]);
    });

    it('is an audit record about a crash', () => {
        const message = 'ANOM_ABEND auid=1000 uid=1000 pid=9 comm="gedit" exe="/usr/bin/gedit" sig=11 res=1';
        expect(judge({ _TRANSPORT: 'audit', MESSAGE: message })).toBe('crash');
        expect(sources({ _TRANSPORT: 'audit', MESSAGE: message })).toEqual(['audit']);
    });
});
