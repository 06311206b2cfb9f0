import { readFileSync } from 'node:fs';

import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';
import { analyseExport } from '../detection/recordings.ts';

/**
 * A ratchet, and no measure of quality: text analysis was tuned on these very lines, so that they only show whether it has got
 * worse on them. How it does on lines that nobody tuned it on is in docs/faults-results.md.
 *
 * Lines with the judgement of somebody who looks after computers, by the rules in docs/faults-rationale.md: "+" and the family, or "-".
 * They have the words of the format strings in Linux and in the programs whose names they bear, as the files of
 * service/faults name them, or of drivers in Linux 2.4.22, 2.6.18 and 6.12 that none of them names, with values of our
 * own, of reports on Linux' mailing list and in trackers of issues and of logs that somebody published, with other names of hosts; those with a date before the time have the form of the
 * supercomputers' logs in USENIX' Computer Failure Data Repository.
 */
const labelled = readFileSync(new URL('../../fixtures/faults/labelled.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(row => {
        const [label = '', family = '', ...line] = row.split('\t');
        return { isFault: label === '+', family, line: line.join('\t') };
    });

const firstDay = Date.UTC(2023, 0, 1) * 1000;
const day = 86_400_000_000;
const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', PRIORITY: 3, _SOURCE_MONOTONIC_TIMESTAMP: 300_000 };

/** What the kernel says in a line; null where somebody else does, or nobody knows who. */
function ofKernel(line: string): string | null {
    const entry = new TextLogEntry(Buffer.from(line), 1, Date.UTC(2026, 10, 21, 12) * 1000);
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    const isOfKernel = identifier === 'kernel' || (identifier === null && entry.uptime() !== null);
    return isOfKernel ? entry.message() : null;
}

describe('Text analysis does not get worse on the labelled lines it was tuned on', () => {
    const detector = new TextDetector({ withHints: true });
    const judged = labelled.map((one, index) => {
        detector.feed(new TextLogEntry(Buffer.from(one.line), index + 1, Date.UTC(2026, 10, 21, 12) * 1000));
        return { ...one, found: detector.assessment?.actionable ?? false, as: detector.assessment?.family ?? null };
    });
    const faults = judged.filter(({ isFault }) => isFault);
    const found = judged.filter(one => one.found);
    const right = found.filter(({ isFault }) => isFault);

    it('which are many, of both kinds', () => {
        expect(faults.length).toBeGreaterThan(300);
        expect(judged.length - faults.length).toBeGreaterThan(250);
    });

    it('at finding those that report a fault', () => {
        const missed = faults.filter(one => !one.found).map(({ line }) => line);
        expect(right.length / faults.length)
            .withContext(missed.join('\n'))
            .toBeGreaterThanOrEqual(0.99);
    });

    it('at leaving the others alone', () => {
        const wrong = found.filter(({ isFault }) => !isFault).map(({ as, line }) => `${as}: ${line}`);
        expect(right.length / found.length)
            .withContext(wrong.join('\n'))
            .toBeGreaterThanOrEqual(0.99);
    });

    it('at raising no incident while the computer starts, where they report none', () => {
        const writer = new EntryWriter();
        const said = judged.filter(({ isFault }) => !isFault).map(({ line }) => ofKernel(line));
        const ordinary = said.filter(MESSAGE => MESSAGE !== null);
        const entries = ordinary.map((MESSAGE, index) =>
            writer.entry({ ...kernel, __REALTIME_TIMESTAMP: firstDay + index * day, MESSAGE }),
        );
        const told = analyseExport(entries.join(''))
            .incidents()
            .filter(({ severity }) => severity !== 'low');
        expect(ordinary.length).toBeGreaterThan(250);
        expect(told.length / ordinary.length)
            .withContext(told.map(({ title, evidence }) => `${title}: ${evidence[0]?.message}`).join('\n'))
            .toBeLessThanOrEqual(0.01);
    });

    it('at naming the family', () => {
        const known = right.filter(({ family }) => family !== '');
        const strange = known.filter(({ family, as }) => family !== as);
        expect(1 - strange.length / known.length)
            .withContext(strange.map(({ family, as, line }) => `${family}, not ${as}: ${line}`).join('\n'))
            .toBeGreaterThanOrEqual(0.98);
    });
});
