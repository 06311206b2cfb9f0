import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LocalRules } from '../../../service/localRules/localRules.ts';
import type { Finding } from '../../../service/model/incident.ts';
import { TextWatcher } from '../../../service/textAnalysis/textWatcher.ts';

describe('A text that is watched', () => {
    const fault = (minute: number, text = 'bad block in group 7') =>
        `Nov 21 03:${minute}:00 host kernel: EXT4-fs error (device sda1): ${text}\n`;

    it('has other occurrences in each file that is put in its place', async () => {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-text-'));
        const path = join(directory, 'syslog');
        const stop = new AbortController();
        const found: Finding[] = [];
        let come = Promise.withResolvers<undefined>();
        const incidents = {
            report: (finding: Finding) => {
                found.push(finding);
                come.resolve(undefined);
                return null;
            },
            recover: () => undefined,
            withdraw: () => undefined,
        };
        const next = async (change: () => void) => {
            come = Promise.withResolvers();
            change();
            await come.promise;
        };
        writeFileSync(path, fault(10));
        const running = new TextWatcher(path).run(
            { incidents, localRules: new LocalRules({ folders: [], reserved: [], uid: null }) },
            stop.signal,
        );
        await come.promise;
        await next(() => {
            renameSync(path, `${path}.1`);
            writeFileSync(path, fault(20));
        });
        await next(() => {
            truncateSync(path);
            appendFileSync(path, fault(30, 'bad block'));
        });
        stop.abort();
        await running;
        rmSync(directory, { recursive: true });

        expect(found.map(({ evidence }) => evidence.map(({ line }) => line))).toEqual([[1], [1], [1]]);
        expect(new Set(found.map(({ occurrence }) => occurrence)).size).toBe(3);
    });
});
