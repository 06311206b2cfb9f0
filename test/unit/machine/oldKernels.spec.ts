import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Machine } from '../../../service/machine/machine.ts';
import { oldKernelPackages } from '../../../service/machine/packages/oldKernels.ts';

const { signal } = new AbortController();
const old = ['6.1.0-10-amd64', '6.1.0-9-amd64'];
/** As dpkg-query(1) and apt-get(8) of Debian forky answer. */
const owners = `linux-image-6.1.0-9-amd64: /usr/lib/modules/6.1.0-9-amd64/kernel/a.ko
linux-image-6.1.0-9-amd64: /usr/lib/modules/6.1.0-9-amd64/kernel
linux-headers-6.1.0-9-amd64: /usr/lib/modules/6.1.0-9-amd64/build
linux-image-6.1.0-10-amd64: /usr/lib/modules/6.1.0-10-amd64/kernel
`;
const simulated = `Reading package lists...
The following packages will be REMOVED:
  linux-headers-6.1.0-9-amd64 linux-image-6.1.0-10-amd64
  linux-image-6.1.0-9-amd64
Remv linux-headers-6.1.0-9-amd64 [1]
Remv linux-image-6.1.0-10-amd64 [1]
Remv linux-image-6.1.0-9-amd64 [1]
`;
const packages = ['linux-headers-6.1.0-9-amd64', 'linux-image-6.1.0-10-amd64', 'linux-image-6.1.0-9-amd64'];

describe('Packages of old kernels', () => {
    let root: string;
    let asked: string[];
    let timeouts: number[];
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-kernels-'));
        asked = [];
        timeouts = [];
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });
    const install = (...versions: string[]) => {
        mkdirSync(join(root, 'boot'), { recursive: true });
        for (const version of versions) {
            mkdirSync(join(root, 'usr/lib/modules', version), { recursive: true });
            writeFileSync(join(root, 'boot', `vmlinuz-${version}`), '');
        }
    };
    const find = (answers: { owners?: string | null; simulated?: string | null; after?: number } = {}) => {
        const machine: Machine = {
            root,
            system: null,
            session: null,
            run: async (program, argv, { timeout = Infinity }) => {
                timeouts.push(timeout);
                await delay(answers.after ?? 0);
                asked.push([program, ...argv].join(' '));
                const answer = { 'dpkg-query': owners, 'apt-get': simulated }[program] ?? null;
                const other = program === 'apt-get' ? answers.simulated : answers.owners;
                return other === undefined ? answer : other;
            },
        };
        return oldKernelPackages(machine, signal);
    };

    it('are those of all but the kernel that runs and the newest', async () => {
        install(...old, release(), '999.0.0-1-amd64');
        expect(await find()).toEqual(packages);
        expect(asked).toEqual([
            'dpkg-query --search */lib/modules/6.1.0-10-amd64/* */lib/modules/6.1.0-9-amd64/*',
            `apt-get --simulate remove -- ${packages.join(' ')}`,
        ]);
    });

    it('are none where only the newest is there, and nothing is asked then', async () => {
        install(release(), '999.0.0-1-amd64');
        expect(await find()).toEqual([]);
        expect(asked).toEqual([]);
    });

    it('are not told by folders that are left of kernels which are gone', async () => {
        install(...old);
        mkdirSync(join(root, 'usr/lib/modules/999.0.0-1-amd64'));
        // The newest that can be started stays.
        expect(await find({ simulated: 'Remv linux-headers-6.1.0-9-amd64 [1]\n' })).toEqual([
            'linux-headers-6.1.0-9-amd64',
        ]);
        expect(asked[0]).toBe('dpkg-query --search */lib/modules/6.1.0-9-amd64/*');
    });

    it('are told by images beside the modules, as other distributions have them', async () => {
        install('6.1.0-9-amd64');
        mkdirSync(join(root, 'usr/lib/modules/6.1.0-10-amd64'));
        writeFileSync(join(root, 'usr/lib/modules/6.1.0-10-amd64/vmlinuz'), '');
        await find();
        expect(asked[0]).toBe('dpkg-query --search */lib/modules/6.1.0-9-amd64/*');
    });

    it('are looked for no longer than a plan may take, by both programs together', async () => {
        install(...old, '999.0.0-1-amd64');
        await find({ after: 100 });
        const [first = Infinity, second = Infinity] = timeouts;
        expect(first).toBeLessThan(40_000);
        expect(second).toBeLessThan(first - 50);
        expect(timeouts.every(timeout => Number.isInteger(timeout) && timeout > 0)).toBeTrue();
    });

    it('are none where more would go with them', async () => {
        install(...old, '999.0.0-1-amd64');
        for (const more of ['linux-image-amd64', 'linux-image-999.0.0-1-amd64', 'gnome-shell'])
            expect(await find({ simulated: `${simulated}Remv ${more} [1]\n` })).toEqual([]);
    });

    it('are none where nobody knows whose they are, or what would be removed', async () => {
        install(...old, '999.0.0-1-amd64');
        expect(await find({ owners: null })).toEqual([]);
        expect(await find({ owners: 'evil: /usr/lib/modules/6.1.0-9-amd64/a\n' })).toEqual([]);
        expect(await find({ simulated: null })).toEqual([]);
    });

    it('are asked for by nothing that is a pattern or an option', async () => {
        install('*', '--root=x', '6.1.0-9 a', '999.0.0-1-amd64');
        expect(await find()).toEqual([]);
        expect(asked).toEqual([]);
    });
});
