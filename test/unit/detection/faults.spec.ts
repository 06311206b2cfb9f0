import { readFileSync } from 'node:fs';

import { families } from '../../../service/faults/generated/text.ts';
import { anchorOf } from '../../../service/detection/linePattern.ts';
import type { Assessment } from '../../../service/detection/verdict.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';
import { analyseExport, analyseText, assessmentOf } from './recordings.ts';

const fixtures = new URL('../../fixtures/faults/', import.meta.url);
const lines = (name: string) => readFileSync(new URL(name, fixtures), 'utf8').trimEnd().split('\n');
const notAfter = Date.UTC(2026, 10, 21, 12) * 1000;

function judge(line: string): Assessment | null {
    return assessmentOf(new TextDetector({ withHints: true }), new TextLogEntry(Buffer.from(line), 1, notAfter));
}

/** Lines in the words that the kernel or program writes; the files that they were taken from are named in each rule file. */
const faults = lines('faults.tsv').map(row => {
    const [family = '', severity = '', subject = '', ...line] = row.split('\t');
    return { family, severity, subject, line: line.join('\t') };
});

describe('Lines that report a fault', () => {
    for (const family of new Set(faults.map(fault => fault.family))) {
        it(`are known for the family “${family}”`, () => {
            for (const { severity, subject, line } of faults.filter(fault => fault.family === family)) {
                const assessment = judge(line);
                expect(assessment)
                    .withContext(line)
                    .toEqual(jasmine.objectContaining({ actionable: true, family }));
                if (severity !== '-')
                    expect(assessment?.severity as string)
                        .withContext(line)
                        .toBe(severity);
                if (subject === '-' || family === 'unit') continue;
                const subjects = analyseText([line])
                    .incidents()
                    .map(incident => incident.subject);
                expect(subjects).withContext(line).toEqual([subject]);
            }
        });
    }

    it('exist for every family that has rules', () => {
        const known = new Set(faults.map(({ family }) => family));
        const needed = families
            .filter(({ name, rules }) => rules.length > 0 && !known.has(name))
            .map(({ name }) => name);
        expect(needed).toEqual([]);
    });
});

describe('Lines about one cause', () => {
    const incidentsOf = (all: string[]) =>
        analyseText(all)
            .incidents()
            .map(({ family, subject, affected, count }) => ({ family, subject, affected, count }));

    it('are one incident when memory runs out', () => {
        const lead = analyseText([
            '[  100.000000] gnome-shell invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0',
            '[  100.000010] Mem-Info:',
            '[  100.000020] oom-kill:constraint=CONSTRAINT_NONE,global_oom,task_memcg=/user.slice,task=java,pid=42,uid=1000',
            '[  100.000030] Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB',
        ]).incidents();
        expect(lead.map(({ subject, count }) => [subject, count])).toEqual([['java', 1]]);
        expect(lead[0]?.evidence.map(({ line }) => line)).toEqual([1, 3, 4]);
    });

    // The errors of the connection are only signs, as the disk itself says what is wrong with it.
    it('are one incident when a disk drops out and what is on it breaks', () => {
        expect(
            incidentsOf([
                '[  200.000000] ata3.00: exception Emask 0x0 SAct 0x3000 SErr 0x0 action 0x0',
                '[  200.000010] ata3.00: failed command: READ FPDMA QUEUED',
                '[  200.000020] sd 2:0:0:0: [sdb] tag#12 Sense Key : Medium Error [current]',
                '[  200.000030] I/O error, dev sdb, sector 1234 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
                '[  200.000040] Buffer I/O error on dev sdb1, logical block 3, async page read',
                '[  201.000000] Aborting journal on device sdb1-8.',
                '[  201.000010] EXT4-fs (sdb1): Remounting filesystem read-only',
            ]),
        ).toEqual([{ family: 'disk', subject: 'sdb', affected: ['sdb1'], count: 1 }]);
    });

    it('are one incident by whatever name they call a place on USB', () => {
        expect(
            incidentsOf([
                '[  300.000000] usb 1-2.4: device descriptor read/64, error -71',
                '[  320.000000] usb 1-2-port4: unable to enumerate USB device',
                "[  340.000000] usbhid 1-2.4:1.0: can't add hid device: -71",
                '[  360.000000] hub 1-2:1.0: unable to enumerate USB device on port 4',
            ]),
        ).toEqual([{ family: 'usb', subject: '1-2.4', affected: [], count: 3 }]);
        expect(incidentsOf(['[  300.000000] usb usb1-port2: unable to enumerate USB device'])[0]?.subject).toBe('1-2');
    });

    it('are one incident when common words come before the words that are known', () => {
        expect(
            incidentsOf([
                '[  988.000000] rtsx_pci 0000:3b:00.0: PM: dpm_run_callback(): pci_pm_resume returns -110',
                '[  988.000010] rtsx_pci 0000:3b:00.0: PM: failed to resume async: error -110',
            ]),
        ).toEqual([{ family: 'suspend', subject: '0000:3b:00.0', affected: [], count: 1 }]);
    });

    it('are one incident when many programs hang at once', () => {
        const hung = (time: number, task: string) =>
            `[ ${time}.000000] INFO: task ${task} blocked for more than 120 seconds.`;
        const atOnce = [hung(500, 'kworker/u65:5:288'), hung(500, 'py3-cmd:186209'), hung(700, 'cat:9')];
        expect(incidentsOf([...atOnce, hung(1400, 'ls:10')])).toEqual([
            { family: 'runaway', subject: 'kworker/u65:5', affected: ['py3-cmd', 'cat'], count: 1 },
            { family: 'runaway', subject: 'ls', affected: [], count: 1 },
        ]);
    });

    it('are none when the hardware says of itself that it corrected the error', () => {
        const head = (second: number) =>
            `[  ${second}.000000] {1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 2561`;
        const corrected = [
            head(400),
            '[  400.000010] {1}[Hardware Error]: It has been corrected by h/w and requires no further action',
            '[  400.000020] {1}[Hardware Error]: event severity: corrected',
            '[  400.000030] {1}[Hardware Error]:  Error 0, type: corrected',
            '[  400.000040] {1}[Hardware Error]:   section type: unknown, 6d5244f2-2712-11ec-bea7-cb3fdb95c786',
        ];
        expect(incidentsOf(corrected)).toEqual([]);
        const fatal = [head(402), '[  402.000010] {2}[Hardware Error]: event severity: fatal'];
        expect(incidentsOf([...corrected, ...fatal]).map(({ family }) => family)).toEqual(['hardware']);
    });

    it('count as often as it happened', () => {
        const at = (seconds: number) => `[ ${seconds}.000000] I/O error, dev sda, sector 1`;
        expect(incidentsOf([at(100), at(101), at(102), at(200), at(300)])[0]?.count).toBe(3);
    });
});

describe('Lines that are ordinary while the computer starts', () => {
    const MESSAGE = 'e1000e 0000:00:1f.6 eno1: NIC Link is Down';
    const said = (seconds: number) => {
        const of = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: seconds * 1e6 };
        return { journal: new EntryWriter().entry({ ...of, MESSAGE }), text: `[${seconds}.000000] ${MESSAGE}` };
    };
    const told = ({ journal, text }: ReturnType<typeof said>) =>
        [analyseExport(journal), analyseText([text])].map(analysis => analysis.incidents().length);

    it('are so by the kernel’s own time, in a journal and in text', () => {
        expect(told(said(9))).toEqual([0, 0]);
        expect(told(said(900))).toEqual([1, 1]);
    });

    it('are so of programs, too, which have no such time', () => {
        const start = 'Jan  1 00:00:07 board kernel: [    0.000000] Linux version 3.10.37 (buildd@board) #1 SMP';
        const late = (time: string) =>
            `Jan  1 ${time} board ntpdate[1696]: no server suitable for synchronization found`;
        expect(analyseText([start, late('00:00:21')]).incidents()).toEqual([]);
        expect(analyseText([start, late('00:09:21')]).incidents().length).toBe(1);
    });
});

describe('Ordinary lines', () => {
    it('are no faults, whatever words they have', () => {
        const detector = new TextDetector({ withHints: true });
        for (const [index, line] of lines('ordinary.txt').entries()) {
            const assessment = assessmentOf(detector, new TextLogEntry(Buffer.from(line), index + 1, notAfter));
            expect(assessment?.actionable ?? false)
                .withContext(line)
                .toBeFalse();
        }
    });

    it('are none in the journal of a running computer, either', () => {
        const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', PRIORITY: 4, SYSLOG_FACILITY: 0 };
        const writer = new EntryWriter();
        const ordinary = lines('ordinary.txt').flatMap(line => {
            const [, seconds, message] = /^\[ *(\d+\.\d+)\] (.+)/.exec(line) ?? [];
            if (seconds === undefined || message === undefined) return [];
            const uptime = Math.round(Number(seconds) * 1_000_000);
            return writer.entry({ ...kernel, _SOURCE_MONOTONIC_TIMESTAMP: uptime, MESSAGE: message });
        });
        const analysis = analyseExport(ordinary.join(''));
        expect(analysis.incidents().map(({ title, evidence }) => [title, evidence[0]?.message])).toEqual([]);
    });

    it('raise nothing together, either', () => {
        expect(
            analyseText(lines('ordinary.txt'))
                .incidents()
                .map(({ title }) => title),
        ).toEqual([]);
    });
});

describe('The rules', () => {
    const rules = families.flatMap(({ name, rules: all, harmless = [] }) =>
        [...all, ...harmless].map(rule => ({ name, ...rule })),
    );

    it('have templates that can be looked for, each once in a rule', () => {
        for (const { name, lines: templates } of rules) {
            for (const line of templates) {
                expect(anchorOf(line).length).withContext(`${name}: ${line}`).toBeGreaterThanOrEqual(4);
            }
            const folded = templates.map(line => line.toLowerCase());
            expect(folded.filter((line, index) => folded.indexOf(line) !== index))
                .withContext(name)
                .toEqual([]);
        }
    });

    it('have exceptions in lower case, as they are compared so', () => {
        for (const { name, unless = [] } of rules) {
            expect(unless.filter(text => text !== text.toLowerCase()))
                .withContext(name)
                .toEqual([]);
        }
    });
});
