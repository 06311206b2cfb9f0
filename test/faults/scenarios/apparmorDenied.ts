import { audit, earlier, replay } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

/** audit_cb() in security/apparmor/file.c; 1400 is AUDIT_AVC of linux/audit.h. */
const denied = audit(
    1400,
    'AVC apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/cups-browsed" name="/etc/shadow" pid=911 comm="cups-browsed" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
);

export const scenario: Scenario = {
    title: 'AppArmor keeps a program from a file again and again',
    by: 'replayed',
    // A single refusal is ordinary: see quiet/onceOnly.ts.
    provoke: desktop => replay(desktop, earlier(900, denied), earlier(400, denied), denied),
    expect: { family: 'access', subject: /./, cause: /profile/ },
};
