import type { Scenario } from '../scenario.ts';
import { sayAs } from '../fakeService.ts';

/** As fwupd 2 describes a device: fwupd_device_add_variant() of libfwupd/fwupd-device.c. */
const device = (more: string) =>
    `({'DeviceId': <'d432baa2162a32c1554ef24bd8281953b9d07c11'>, 'Name': <'Unifying Receiver'>, 'Vendor': <'Logitech'>, 'Version': <'RQR12.08_B0030'>, ${more}},)`;

const changed = (more: string) => ({
    path: '/',
    interface: 'org.freedesktop.fwupd',
    member: 'DeviceChanged',
    values: device(more),
});

export const scenario: Scenario = {
    title: 'the firmware of a device cannot be updated',
    by: 'faked',
    // The test desktop has no fwupd, whose package lets root own the name.
    files: {
        '/etc/dbus-1/system.d/bench-fwupd.conf':
            '<busconfig><policy user="root"><allow own="org.freedesktop.fwupd"/></policy></busconfig>\n',
    },
    // The state, and then the reason: fu_engine_install_release() of src/fu-engine.c.
    provoke: desktop =>
        sayAs(desktop, { name: 'org.freedesktop.fwupd', unit: 'fwupd.service' }, [
            changed("'UpdateState': <uint32 3>, 'Modified': <uint64 1763711111>"),
            changed(
                "'UpdateState': <uint32 3>, 'Modified': <uint64 1763711111>, 'UpdateError': <'failed to write block 3: timed out'>",
            ),
        ]),
    expect: { family: 'packages', subject: /Unifying Receiver/, cause: /firmware/ },
};
