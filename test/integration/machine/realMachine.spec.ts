// Every tool on the machine that the test runs on, whatever that has: buses and services are asked if they are there.
import { totalmem } from 'node:os';

import { queryJournal } from '../../../service/journal/query.ts';
import { journalAccess } from '../../../service/journal/access.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { bytes } from '../../../service/assistant/tools/figures.ts';
import { describeTools, runTool } from '../../../service/assistant/tools/registry.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import type { ToolContext } from '../../../service/assistant/tools/tool.ts';

const context: ToolContext = {
    machine: filesOf('/'),
    systemd: new Systemd({ system: null, session: null }),
    journal: { query: queryJournal, access: () => journalAccess() },
    incidents: { list: () => [] },
    proposals: { list: () => [] },
    guides: { steps: () => [] },
    diagnosis: { isLooking: () => false },
    timeline: { query: () => [] },
    version: '0.1.0',
    clock: () => Date.now() * 1000,
    signal: new AbortController().signal,
};

const needed: Record<string, object> = {
    unit_details: { unit: 'ssh' },
    package_info: { name: 'bash' },
    package_owner: { path: '/usr/bin/env' },
    settings: { schema: 'org.gnome.desktop.interface' },
    find_files: { name: 'os-release', folder: '/etc' },
    folder_sizes: { path: '/etc' },
    read_file: { path: '/etc/os-release' },
    file_info: { path: '/etc' },
    manual: { page: 'ls' },
    documentation: { words: 'list files' },
    nixos_options: { words: 'firewall' },
    nixos_packages: { word: 'blender' },
};

describe('The tools on this machine', () => {
    for (const { name } of describeTools()) {
        it(`${name} answers, or says what is missing`, async () => {
            const { text, failed } = await runTool(name, needed[name] ?? {}, context);

            expect(text.length).toBeGreaterThan(0);
            expect(text.length).toBeLessThan(4000);
            if (failed) expect(text).toMatch(/^Not available: (?:not installed or not running: |No unit is called )/);
        }, 60_000);
    }

    const text = async (name: string, values: object = {}) => (await runTool(name, values, context)).text;

    it('figures are those of the kernel', async () => {
        expect(await text('memory')).toContain(` of ${bytes(totalmem())} used`);
        expect(await text('filesystems')).toMatch(/^\/ \(/m);
        expect(await text('processes', { name: 'node' })).toMatch(/- .*\(pid \d+\): /);
    });

    it('files are read', async () => {
        expect(await text('read_file', { path: '/etc/os-release', lines: 3 })).toMatch(/NAME=/);
        expect(await text('read_file', { path: '/proc/self/environ' })).toContain('may contain secrets');
    });
});
