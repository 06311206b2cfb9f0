import { changed, sayAs } from '../fakeService.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a drive says that it is about to fail (SMART)',
    by: 'faked',
    provoke: desktop =>
        sayAs(desktop, { name: 'org.freedesktop.UDisks2', unit: 'udisks2.service' }, [
            changed(
                '/org/freedesktop/UDisks2/drives/Samsung_SSD_870_EVO_1TB_S75BNS0W123456X',
                'org.freedesktop.UDisks2.Drive.Ata',
                "{'SmartFailing': <true>, 'SmartUpdated': <uint64 1763711111>}",
            ),
        ]),
    expect: { family: 'disk', subject: /Samsung SSD 870 EVO/, cause: /save|fail/i },
};
