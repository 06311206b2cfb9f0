import { analyseText } from '../detection/recordings.ts';

function incidentsIn(lines: readonly string[]) {
    return analyseText(lines)
        .incidents()
        .map(({ family, kind, subject, affected }) => [family, kind, subject, affected]);
}

const ofManager = (lines: readonly string[], time = 'Apr 23 09:32:40') =>
    lines.map(line => `${time} box systemd[1]: ${line}`);

describe('One incident', () => {
    it('is all that a socket reports of the service that it may not start again', () => {
        const lines = [
            'frob.service: Main process exited, code=exited, status=1/FAILURE',
            "frob.service: Failed with result 'exit-code'.",
            'frob.service: Start request repeated too quickly.',
            "frob.service: Failed with result 'exit-code'.",
            'Failed to start frob.service - Frobnicate.',
            "frob.socket: Failed with result 'service-start-limit-hit'.",
        ];
        expect(incidentsIn(ofManager(lines))).toEqual([['unit', 'start-limit', 'frob.service', ['frob.socket']]]);
    });

    it('is what fails because of a unit that has no incident', () => {
        const lines = ['nss', 'pam', 'ssh'].flatMap(name => [
            `frob-${name}.socket: Bound to unit frob.service, but unit isn't active.`,
            `Dependency failed for frob-${name}.socket - Frobnicate (${name}).`,
            `frob-${name}.socket: Job frob-${name}.socket/start failed with result 'dependency'.`,
        ]);
        expect(incidentsIn(ofManager(lines))).toEqual([
            ['unit', 'dependency', 'frob-nss.socket', ['frob-pam.socket', 'frob-ssh.socket']],
        ]);
    });

    it('is what fails one after the other without a unit that failed first', () => {
        const lines = ['a', 'b'].flatMap(name => [
            `Dependency failed for frob-${name}.service - Frobnicate.`,
            `frob-${name}.service: Job frob-${name}.service/start failed with result 'dependency'.`,
        ]);
        expect(incidentsIn(ofManager(lines))).toEqual([['unit', 'dependency', 'frob-a.service', ['frob-b.service']]]);
    });

    it('is a unit and its dependants at the same microseconds, however many lines of the kernel are between', () => {
        const time = (of: number) => `2026-10-23T10:49:57.9008${of}+08:00`;
        const ofKernel = Array.from(
            { length: 9 },
            (_none, index) =>
                `${time(80 + index)} box kernel: [    0.003630] ACPI: Reserving SSDT table memory ${index}`,
        );
        const lines = [
            ...ofManager(
                [
                    'swapfile.swap: Swap process exited, code=exited, status=255/EXCEPTION',
                    "swapfile.swap: Failed with result 'exit-code'.",
                ],
                time(80),
            ),
            ...ofKernel,
            ...ofManager(['Dependency failed for swap.target - Swaps.'], time(92)),
        ];
        expect(incidentsIn(lines)).toEqual([['unit', 'exit-code', 'swapfile.swap', ['swap.target']]]);
    });

    describe('of a task that hangs', () => {
        const hung = (task: string, work: string, ...functions: string[]) => [
            `INFO: task ${task} blocked for more than 120 seconds.`,
            '      Tainted: G        W         5.9.3 #1',
            `Workqueue: events ${work}`,
            'Call Trace:',
            ' __schedule+0x463/0xa70',
            ...functions,
        ];
        const ofCard = hung('kworker/1:1:102', 'process_one', ' dm_suspend+0xae/0x1c0 [amdgpu]');
        const failed = '[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, signaled seq=1, emitted seq=5';
        const logged = (failure: string, ...after: string[]) => [
            `[   35.355764] ${failure}`,
            ...after.map(line => `[  242.770442] ${line}`),
        ];

        it('is that of the driver in its trace, and of all that hang with it', () => {
            const another = 'INFO: task plymouthd:345 blocked for more than 120 seconds.';
            expect(incidentsIn(logged(failed, ...ofCard, another))).toEqual([
                ['graphics', 'driver', 'GPU', ['kworker/1:1', 'plymouthd']],
            ]);
        });

        it('is that of the driver whose work it does', () => {
            const ofVolume = hung('kworker/u9:1:379', 'end_workqueue_fn [btrfs]');
            const damaged =
                'BTRFS error (device sdb1): parent transid verify failed on 633072 wanted 252753 found 252755';
            expect(incidentsIn(logged(damaged, ...ofVolume)).map(([family]) => family)).toEqual(['filesystem']);
        });

        it('is its own where another driver failed, or none is in its trace', () => {
            const ofFilesystem = hung('btrfs-transacti:772', 'x', ' btrfs_commit_transaction+0x1/0x2 [btrfs]');
            for (const task of [ofFilesystem, hung('py3-cmd:18', 'wb_workfn (flush-9:77)')])
                expect(incidentsIn(logged(failed, ...task)).map(([family]) => family)).toEqual(['graphics', 'runaway']);
        });
    });

    it('is that of the network card that hangs, and not of another whose driver resets it as its link goes down', () => {
        const both = [
            'e1000: enp0s3 NIC Link is Down',
            'e1000 0000:00:03.0 enp0s3: Reset adapter',
            'e1000: enp0s8 NIC Link is Down',
            'e1000 0000:00:08.0 enp0s8: Reset adapter',
        ];
        const hangs = [
            'e1000 0000:00:08.0 enp0s8: Detected Tx Unit Hang',
            'NETDEV WATCHDOG: enp0s8 (e1000): transmit queue 0 timed out',
        ];
        const lines = [...both, ...hangs, ...both].map((line, index) => `[ ${4000 + index * 8}.050642] ${line}`);
        const plain = Array.from(
            { length: 100 },
            (_none, index) => `[ ${5000 + index}.050642] audit: started ${index}`,
        );
        expect(incidentsIn([...lines, ...plain])).toEqual([['link', 'card', 'enp0s8', []]]);
    });

    it('is a Wi-Fi network that cannot be joined, and what NetworkManager makes of it', () => {
        const lines = [
            'Activation: (wifi) association took too long, failing activation',
            "Activation: failed for connection 'cafe'",
        ];
        expect(
            incidentsIn(
                lines.map(
                    line => `Sep 17 09:16:03 box NetworkManager[893]: <warn> [1568736963.8164] device (wlo1): ${line}`,
                ),
            ).map(([family, kind, subject]) => [family, kind, subject]),
        ).toEqual([['wifi', 'drops', 'wlo1']]);
    });
});
