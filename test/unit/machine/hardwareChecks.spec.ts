import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Format } from '../../../service/i18n/format.ts';
import { examineHardware } from '../../../service/machine/hardware/hardwareChecks.ts';
import type { HardwareSources } from '../../../service/machine/hardware/hardwareChecks.ts';

describe('The checks of the hardware', () => {
    const { signal } = new AbortController();
    let root: string;

    beforeEach(async () => {
        root = await mkdtemp(join(tmpdir(), 'reeve-hardware-'));
    });

    afterEach(async () => {
        await rm(root, { recursive: true });
    });

    async function write(path: string, text: string): Promise<void> {
        await mkdir(join(root, path, '..'), { recursive: true });
        await writeFile(join(root, path), text);
    }

    async function examine(journal: Partial<HardwareSources['journal']> = {}) {
        const machine = { root, system: null, session: null, run: () => Promise.resolve(null) };
        const checks = await examineHardware(
            {
                machine,
                journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('system'), ...journal },
                format: new Format('en'),
            },
            signal,
        );
        return new Map(checks.map(check => [check.id, check]));
    }

    it('leave out what this computer does not have', async () => {
        expect([...(await examine()).keys()]).toEqual(['drives', 'firmware']);
    });

    it('say when the log of the kernel cannot be read', async () => {
        const checks = await examine({ access: () => Promise.resolve('own') });
        expect(checks.get('firmware')?.status).toBe('note');
        expect(checks.get('firmware')?.detail).toContain('cannot be read');
    });

    it('find a hot sensor, and what it measures', async () => {
        await write('sys/class/hwmon/hwmon0/name', 'coretemp\n');
        await write('sys/class/hwmon/hwmon0/temp1_input', '45000\n');
        await write('sys/class/hwmon/hwmon0/temp1_crit', '100000\n');
        expect((await examine()).get('temperature')?.status).toBe('fine');
        await write('sys/class/hwmon/hwmon0/temp1_input', '95000\n');
        const hot = (await examine()).get('temperature');
        expect(hot?.status).toBe('problem');
        expect(hot?.detail).toContain('95');
    });

    it('tell corrected errors of the memory from others', async () => {
        await write('sys/devices/system/edac/mc/mc0/ce_count', '3\n');
        await write('sys/devices/system/edac/mc/mc0/ue_count', '0\n');
        expect((await examine()).get('memory-errors')).toEqual(
            jasmine.objectContaining({ status: 'note', detail: '3 corrected errors' }),
        );
        await write('sys/devices/system/edac/mc/mc0/ue_count', '1\n');
        expect((await examine()).get('memory-errors')?.status).toBe('problem');
    });
});
