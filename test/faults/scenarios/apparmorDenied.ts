import { replay, audit } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'AppArmor keeps a program from a file',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // audit_cb() in security/apparmor/file.c; 1400 is AUDIT_AVC of linux/audit.h.
            audit(
                1400,
                'AVC apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/cups-browsed" name="/etc/shadow" pid=911 comm="cups-browsed" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
            ),
        ),
    expect: { family: 'access', subject: /./, cause: /profile/ },
};
