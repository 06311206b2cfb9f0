import { changed, sayAs } from '../fakeService.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the battery is nearly empty',
    by: 'faked',
    provoke: desktop =>
        sayAs(desktop, { name: 'org.freedesktop.UPower', unit: 'upower.service' }, [
            changed('/org/freedesktop/UPower', 'org.freedesktop.UPower', "{'OnBattery': <true>}"),
            changed(
                '/org/freedesktop/UPower/devices/DisplayDevice',
                'org.freedesktop.UPower.Device',
                "{'Percentage': <3.0>, 'WarningLevel': <uint32 4>}",
            ),
        ]),
    expect: { family: 'power', subject: 'battery', cause: /./ },
};
