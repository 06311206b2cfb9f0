import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { bare } from '../subjects.ts';

/** The words are those of security/apparmor/audit.c and security/selinux/avc.c in Linux, setroubleshoot and apparmor_parser. */
export const access: FaultFamily = {
    name: 'access',
    title: 'Access denied by a security policy',
    about: 'AppArmor, SELinux or wrong permissions kept a program from what it needs.',
    harmless: [
        {
            from: ['audit', 'kernel'],
            lines: [
                'apparmor="STATUS"',
                'apparmor="ALLOWED"',
                'apparmor="AUDIT"',
                'permissive=1',
                'SELinux: {}policy',
                'AppArmor: AppArmor initialized',
                'SELinux:  Initializing',
                'op=security_compute_av',
                'res=success',
                'avc: granted',
                'avc:  received policyload',
                'operation="profile_load"',
            ],
        },
        {
            from: 'dbus',
            lines: [
                'Connection :{} has exceeded {} timeout',
                'Activating service name',
                'Successfully activated service',
            ],
        },
    ],
    rules: [
        {
            kind: 'apparmor',
            from: ['audit', 'kernel', 'dbus'],
            lines: [
                'apparmor="DENIED" operation="{operation}" class="{}" profile="{profile:text}" name="{path:text}"',
                'apparmor="DENIED" operation="{operation}" profile="{profile:text}" name="{path:text}"',
                'apparmor="DENIED" operation="{operation}"  bus="{}" {}label="{profile:text}"',
                'apparmor="DENIED" operation="{operation}" {}profile="{profile:text}"',
                'apparmor="DENIED"',
            ],
            // CUPS asks for more than it needs, and so does systemd in a container, which mounts anew what is mounted.
            unless: [
                'operation="mount" info="failed flags match"',
                'comm="cupsd" capability=12',
                'comm="cups-browsed" capability=23',
                'profile="snap.',
                'label="snap.',
                'profile="snap-update-ns',
                '/snap-confine"',
            ],
            severity: 'low',
            subject: ({ profile = '' }) => bare(profile) || 'AppArmor',
            title: facts => _('AppArmor kept {subject} from something', facts),
            cause: facts =>
                facts.path === undefined
                    ? _('Its profile does not allow it.')
                    : _('Its profile does not allow {path}.', facts),
        },
        {
            kind: 'selinux',
            from: ['audit', 'kernel', 'access', 'dbus'],
            lines: [
                'avc:  denied  { {permission:text} } for  pid={pid:number} comm="{program:text}"',
                'avc: denied { {permission:text} } for {}comm="{program:text}"',
                'avc:  denied  {',
                'avc: denied',
                'SELinux is preventing {program:text} from {what:text} access on',
                'SELinux is preventing {program:text} from {what:text}. For complete SELinux messages',
                'SELinux is preventing {program:text} from',
                // In whatever language setroubleshootd speaks.
                'sealert -l {}-{}-{}-{}-',
            ],
            severity: 'low',
            subject: ({ program = '' }) => bare(program.slice(program.lastIndexOf('/') + 1)) || 'SELinux',
            title: facts => _('SELinux kept {subject} from something', facts),
            cause: () => _('The policy does not allow it, or a file has the wrong label.'),
        },
        {
            kind: 'policy',
            from: ['access', 'manager', 'kernel', 'audit'],
            lines: [
                'AppArmor parser error for {path} in',
                'AppArmor parser error',
                'SELinux: {}failed to load policy',
                'Failed to load SELinux policy',
                'Failed to set SELinux',
                'res=failed',
                'type=ANOM_{}',
            ],
            unless: ['anom_promiscuous', 'res=failed'],
            severity: 'medium',
            subject: ({ path = '' }) => bare(path) || 'security policy',
            title: () => _('The security policy could not be loaded'),
        },
        {
            // audit_log_lost() in kernel/audit.c. While the computer starts nobody takes them yet.
            kind: 'audit-lost',
            from: ['access', 'kernel', 'audit'],
            lines: ['audit: backlog limit exceeded', 'audit_lost={count:number}'],
            unless: ['audit_lost=0 '],
            atStart: false,
            severity: 'low',
            subject: '=audit',
            title: () => _('The kernel lost some of its audit records'),
        },
        {
            kind: 'permission',
            from: 'dbus',
            lines: ['Rejected send message, {}matched rules; {}', 'Rejected {}message{}denied'],
            unless: ['matched rules'],
            severity: 'low',
            subject: '=D-Bus',
            title: () => _('A program was not allowed to talk to another'),
        },
    ],
};
