import { pollAsUsual, pollEvery } from '../polling.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const unit = 'bench-crowd.service';
const program = '/usr/local/libexec/bench-crowd.py';
const swap = '/bench-swap';

/**
 * As many as there are processors go over their memory again and again, which together is more than there is: what one needs next
 * is always on the disk. In no page only zeros, which the kernel keeps nowhere (mm/page_io.c, since 6.12).
 */
const script = `import mmap, os
available = next(int(line.split()[1]) for line in open('/proc/meminfo') if line.startswith('MemAvailable:'))
size = (available + 300 * 1024) * 1024 // 2
os.fork()
memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
while True:
    for page in range(0, size, mmap.PAGESIZE): memory[page] = 1
`;

/** For so many hundredths of the last seconds, 60 or 300, everything that had something to do must have waited for memory. */
const waits = (seconds: number, test: string) =>
    `until [ "$(sed -nE 's/^full .*avg${seconds}=([0-9]+).*/\\1/p' /proc/pressure/memory)" ${test} ]; do sleep 2; done`;

export const scenario: Scenario = {
    title: 'memory is so short that everything stands still',
    by: 'provoked',
    needs: 'machine',
    files: { [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=python3 ${program}\n`, [program]: script },
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', `dd if=/dev/zero of=${swap} bs=1M count=800 && chmod 600 ${swap}`]);
        await desktop.exec(['sh', '-c', `mkswap ${swap} && swapon ${swap}`]);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
        await desktop.exec(['sh', '-c', waits(300, '-ge 12')]);
        // Seldom enough that what fills the memory has done so between two polls, as it would in a quarter of an hour.
        await pollEvery(60)(desktop);
    },
    patience: 30_000,
    expect: { family: 'memory', subject: 'memory', cause: /bench-crowd.* uses the most/, isChecked: true },
    repair: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['sh', '-c', waits(60, '-lt 5')]);
    },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await stopUnits(desktop, unit);
        await desktop.exec(['swapoff', swap]);
        await desktop.exec(['rm', '--force', swap]);
    },
};
