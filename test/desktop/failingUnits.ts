// Units that fail in each way that matters, and what puts each right. All begin with "sample-".
import type { Desktop } from './desktop.ts';

/** With it, a plan does not fit below its incident where texts are large. */
const longReason =
    "echo 'The table of contents is of another time than the index that was made of it, so both are left as they are' >&2; ";

const unitFiles: Record<string, string> = {
    'sample-exit.service': `[Unit]
Description=Sample that exits with an error
[Service]
ExecStart=/bin/sh -c "test -e /run/sample-ok && exec sleep infinity; echo the gears are stuck >&2; exit 3"
`,
    'sample-missing.service': `[Unit]
Description=Sample without its program
[Service]
ExecStart=/usr/bin/nonexistent --serve
`,
    ...Object.fromEntries(
        ['loop', 'large'].map(name => [
            `sample-${name}.service`,
            `[Unit]
Description=Sample that dies again and again${name === 'loop' ? '' : `: ${name}`}
StartLimitIntervalSec=300
StartLimitBurst=3
[Service]
Restart=always
RestartSec=50ms
ExecStart=/bin/sh -c "test -e /run/sample-ok && exec sleep infinity; ${name === 'loop' ? '' : longReason}exit 1"
`,
        ]),
    ),
    'sample-slow.service': `[Unit]
Description=Sample that never gets ready
[Service]
Type=notify
NotifyAccess=all
TimeoutStartSec=1
ExecStart=/bin/sh -c "test -e /run/sample-ok && systemd-notify --ready; exec sleep infinity"
`,
    'sample-database.service': `[Unit]
Description=Sample database
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c "test -e /run/sample-ok || { echo the store is locked >&2; exit 1; }"
`,
    'sample-web.service': `[Unit]
Description=Sample web application
Requires=sample-database.service
After=sample-database.service
[Service]
ExecStart=/bin/sleep infinity
`,
    ...Object.fromEntries(
        ['first', 'second', 'third'].map(name => [
            `sample-${name}.service`,
            `[Unit]
Description=Sample that fails ${name}
[Service]
ExecStart=/bin/false
`,
        ]),
    ),
    ...Object.fromEntries(
        ['names', 'holder'].map(name => [
            `sample-${name}.service`,
            `[Unit]
Description=Sample that needs port 5400: ${name}
[Service]
ExecStart=/usr/sbin/dnsmasq --conf-file=/dev/null --port=5400 --user=root --keep-in-foreground
`,
        ]),
    ),
    'sample-worker@.service': `[Unit]
Description=Sample worker %i
[Service]
EnvironmentFile=/etc/sample-worker.env
ExecStart=/bin/sh -c 'test "$MODE" = good && exec sleep infinity; exit 1'
`,
    'sample-fragile.service': `[Unit]
Description=Sample that dies a second after its start
[Service]
ExecStart=/bin/sh -c "sleep 1; exit 1"
`,
};

/** For `Desktop.boot({ files })`. */
export const failingUnits = Object.fromEntries(
    Object.entries(unitFiles).map(([name, text]) => [`/etc/systemd/system/${name}`, text]),
);

/** Starts a unit, which fails, and waits until systemd has done with it. */
export async function failUnit(desktop: Desktop, name: string): Promise<void> {
    await desktop.exec(['systemctl', 'start', name], { mayFail: true });
    const settled = 'until systemctl show -P ActiveState "$1" | grep -qE "^(failed|inactive)$"; do sleep 0.1; done';
    await desktop.exec(['sh', '-c', settled, 'sh', name]);
}

/** The reason for all the failures passes, so that a start works from now on; `missing` needs its program as well. */
export async function removeReason(desktop: Desktop): Promise<void> {
    await desktop.exec(['touch', '/run/sample-ok']);
}

export async function activeState(desktop: Desktop, name: string): Promise<string> {
    const { stdout } = await desktop.exec(['systemctl', 'show', '--property=ActiveState', '--value', name]);
    return stdout.trim();
}
