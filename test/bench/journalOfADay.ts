// A journal like that of a busy desktop: programs that talk, units that start and stop, and now and then one that fails.
import { EntryWriter } from '../support/journals.ts';

const programs = ['NetworkManager', 'gdm', 'cups', 'bluetooth', 'packagekit', 'rtkit-daemon', 'avahi-daemon', 'ssh'];
const sentences = [
    'dhcp4 (wlp0s20f3): state changed new lease, address=192.168.1.23',
    'Registered endpoint: sender=:1.84 path=/MediaEndpoint/A2DPSink/sbc',
    'supervising 12 threads of 6 processes of 1 users.',
    'Failed to open /var/lib/thing/state: No such file or directory, starting with an empty one',
    'Accepted publickey for alice from 192.168.1.7 port 51234 ssh2: ED25519 SHA256:abcdefghijklmnopqrstuvwxyz0123456789',
    'message of the day: ordering cycle, timed out, Failed to start, exited, code=exited – but only quoted',
];
const started = '39f53479d3a045ac8e11786248231fbf';
const starting = '7d4958e842da4a758f6c1cdc7b36dcc5';
const deactivated = '7ad2d189f7e94e70a38c781354912448';

/** One failing run of a unit in so many entries. */
const entriesPerFailure = 1000;

/**
 * Yields pieces of the export format, `count` entries in all, the same every time.
 *
 * @param start microseconds since the Unix epoch
 */
export function* journalOfADay(count: number, start?: number): Generator<string> {
    const writer = new EntryWriter(start);
    let written = 0;
    let run = 0;
    while (written < count) {
        const part: string[] = [];
        for (let i = 0; i < entriesPerFailure - 4 && written + i < count; i++) {
            const talker = programs[i % programs.length] ?? '';
            const unit = `${talker}.service`;
            if (i % 50 < 3) {
                const id = [starting, started, deactivated][i % 50] ?? started;
                const message = [`Starting ${unit}...`, `Started ${unit}.`, `${unit}: Deactivated successfully.`][
                    i % 50
                ];
                const invocation = String(written + i).padStart(32, '0');
                part.push(
                    writer.manager({
                        UNIT: unit,
                        INVOCATION_ID: invocation,
                        MESSAGE_ID: id,
                        JOB_TYPE: 'start',
                        JOB_RESULT: 'done',
                        MESSAGE: message ?? '',
                    }),
                );
            } else if (i % 10 === 0) {
                part.push(
                    writer.entry({
                        _TRANSPORT: 'kernel',
                        SYSLOG_IDENTIFIER: 'kernel',
                        SYSLOG_FACILITY: 0,
                        MESSAGE: `usb 1-${i % 8}: new high-speed USB device number ${i} using xhci_hcd`,
                    }),
                );
            } else {
                part.push(writer.unitLine(unit, `${sentences[i % sentences.length] ?? ''} (${i})`, 1000 + (i % 8)));
            }
        }
        written += part.length;
        if (written + 4 <= count) {
            part.push(writer.failure(`broken${run % 20}.service`, run));
            written += 4;
            run += 1;
        }
        yield part.join('');
    }
}
