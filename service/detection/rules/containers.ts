import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { bare } from '../subjects.ts';

/** The words are those of xdg-desktop-portal, flatpak, snapd, containerd, moby, podman and libvirt. */
export const containers: FaultFamily = {
    name: 'containers',
    title: 'Containers, Flatpak, snap, portals',
    about: 'A container does not start, a sandboxed program cannot be installed, updated or reach the desktop.',
    harmless: [
        {
            from: ['portal', 'containers'],
            lines: [
                'Realtime error: Could not get pidns',
                'Realtime error: Could not map pid',
                'Failed to get application states',
                'Failed connect to PipeWire',
                // The session ends: the bus has gone before whoever is on it (g_dbus_connection_send_message() of GLib).
                'The connection is closed',
                // The sound server was started anew; the portal connects again.
                'Caught PipeWire error: connection error',
                'No skeleton to export',
                'Choosing {} for {} as a last-resort fallback',
                // What containerd can use and was not given, and an iptables from before it could wait.
                'failed to load plugin {}io.containerd',
                'unknown option {}--wait',
                'The preferred method to match portal implementations',
                'Failed to load RealtimeKit property',
                'level=info',
                'level=debug',
                'Could not get window list',
                // snapd asks its store while the network is not there yet, and again later.
                'state ensure error: Get "https://{}": dial tcp: lookup',
                'cannot clean store downloads cache',
                // What libvirt would like to know of the computer.
                "Cannot find 'dmidecode' in path",
                // A client of libvirt that hung up (virNetSocketReadWire() of its virnetsocket.c).
                'End of file while reading data: Input/output error',
                'error trying to compare the snap system key',
                // The end of a virtual machine that was switched off.
                'End of file from qemu monitor',
                'udevmon.go:',
                // What an application asks for beyond what the desktop can do is no fault of either.
                'A backend call failed: Inhibiting other than idle not supported',
                'A backend call failed: GDBus.Error:org.freedesktop.DBus.Error.UnknownMethod',
            ],
            unless: ['level=error'],
        },
        {
            from: 'containers',
            lines: [
                // Docker asks for figures of what has ended, and containerd for a network that nobody uses.
                'collecting stats for ',
                'no network config found in',
            ],
            unless: ['input/output error', 'i/o error', 'no space left', 'out of memory', 'cannot allocate'],
        },
    ],
    rules: [
        {
            kind: 'container',
            ofUnit: 'reason',
            from: 'containers',
            lines: [
                'level=fatal msg="{detail:text}"',
                'level=error msg="{detail:text}"',
                'level=error {detail:text}',
                'level=fatal {detail:text}',
                'Error response from daemon: {detail:text}',
                'OCI runtime error: {detail:text}',
                'OCI runtime create failed',
                'failed to start daemon: {detail:text}',
                'Failed to start container',
                'container {name} {}unhealthy',
                'Back-off restarting failed container',
                'CrashLoopBackOff',
                'OOMKilled',
                'ImagePullBackOff',
                'failed to create shim',
                'internal error: {detail:text}',
                'Failed to start transient',
                'error creating overlay mount',
                'Node {name} status is now: NodeNotReady',
                'Container runtime network not ready',
                'Container runtime is down',
                'PLEG is not healthy',
                'attempting to reclaim {}',
                'Failed to start ContainerManager',
                'failed to run Kubelet',
                'Unable to read from monitor',
            ],
            unless: [
                'not found, could not remove',
                'no such container',
                'context canceled',
                'skip plugin',
                'failed to load cni during init',
            ],
            severity: 'medium',
            subject: ({ name = '' }) => bare(name),
            title: facts => _('A container has a problem ({subject})', facts),
        },
        {
            kind: 'portal',
            ofUnit: 'reason',
            from: 'portal',
            lines: [
                'Failed to create settings proxy: {reason:text}',
                'Failed to create {interface} proxy: {reason:text}',
                'No implementation of {interface}',
                'Unable to open {path}: {reason:text}',
                'Failed to close session implementation',
                'cannot open display',
                'fuse init failed',
                'document portal: {detail:text}',
                'Backend call failed: {reason:text}',
                'Failed to mount fuse',
                // register_portal() of src/xdg-desktop-portal.c; the others do not say that they are missing.
                'The {name} portal requires an {interface} impl',
            ],
            unless: ['close session'],
            severity: 'medium',
            subject: () => 'portals',
            title: () => _('Sandboxed programs cannot reach the desktop'),
            cause: () =>
                _('A desktop portal is missing or failed, so that file dialogs or screen sharing do not work.'),
        },
        {
            kind: 'application',
            from: 'portal',
            lines: [
                'error: {}Unable to load summary from remote {remote}',
                "Can't fetch summary from {url}",
                'error: runtime/{name} not installed',
                'runtime {name} not installed',
                'While pulling {name} from remote {remote}: {reason:text}',
                'Failed to install {name}: {reason:text}',
                'Failed to update {name}: {reason:text}',
                'cannot refresh snap "{name}": {reason:text}',
                'cannot install snap "{name}"',
                '[change {number:number} "{detail:text}" task] failed: {reason:text}',
                'snap "{name}" has "{}" change in progress',
                'cannot locate base snap',
                'bwrap: {detail:text}',
                'installed snap "{name}" requires',
            ],
            unless: ['change in progress', 'already installed', 'no updates available'],
            severity: 'medium',
            subject: ({ name = '' }) => bare(name) || 'sandboxed program',
            title: facts => _('A sandboxed program cannot be installed or started ({subject})', facts),
        },
        {
            kind: 'application',
            from: 'portal',
            lines: ['error: {detail:text}'],
            byName: true,
            unless: ['change in progress', 'already installed'],
            severity: 'medium',
            subject: '=sandboxed program',
            title: facts => _('A sandboxed program cannot be installed or started ({subject})', facts),
        },
    ],
};
