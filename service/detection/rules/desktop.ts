import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { programSeverity } from '../severity.ts';
import { bare } from '../subjects.ts';

/** As strerror(3) has ENOSPC, EDQUOT, EROFS and EACCES. */
const fullOrDenied = /no space left|quota exceeded|read-only file system|permission denied/i;

/** Whether a part that gnome-session starts, by the name of its desktop file, is the one that draws all the others. */
function isOfWholeSession(component: string): boolean {
    const name = bare(component).replace(/\.desktop$/, '');
    return programSeverity(name === 'org.gnome.Shell' ? 'gnome-shell' : name) === 'critical';
}

/** The words are those of gnome-shell (js/ui/extensionSystem.js, src/main.c), gnome-session (gsm-*.c), gdm (daemon), dconf and GLib. */
export const desktop: FaultFamily = {
    name: 'desktop',
    title: 'The desktop',
    about: 'An extension has errors, a part of the session crashed or does not start, or settings cannot be stored.',
    harmless: [
        {
            // Each program of a session that ends tells so of itself, and often by way of gnome-session (Gdk and libX11).
            from: ['shell', 'anybody'],
            lines: ['Gdk-WARNING **: {program}: Fatal IO error', '^{program}: Fatal IO error'],
            unless: ['gnome-shell', 'gnome-session', 'mutter', 'kwin', 'plasmashell', 'cinnamon'],
        },
        {
            from: 'shell',
            lines: [
                'Could not create transient scope for PID',
                'Error creating FIFO: File exists',
                'has been already disposed',
                'Object .{} has been already',
                "g_object_unref: assertion 'G_IS_OBJECT (object)' failed",
                "Can't update stage views actor",
                'Window manager warning: {}last_focus_time',
                'Window manager warning: Overwriting existing binding',
                'Window manager warning: {}appears to be one of the offending windows',
                'Source ID {} was not found when attempting to remove it',
                'Failed to get current display configuration state',
                'Attempting to call back into JSAPI during the sweeping phase',
                'st_widget_get_theme_node called on the widget',
                'Ignoring excess values in shadow definition',
                'Timelines with detached actors are not supported',
                'Failed to grab modals',
                'Will monitor session',
                'Unhandled promise rejection. To suppress this warning',
                'GLib-GIO-WARNING',
                'cannot open display: {}',
                'Gdm: Child process -{} was already dead',
                'Failed to reset failed state of unit',
                'error occurred while initiating refresh',
                'Meta.Rectangle is deprecated',
                'Usage of object.actor is deprecated',
            ],
        },
    ],
    rules: [
        {
            kind: 'extension',
            from: 'shell',
            lines: [
                'JS ERROR: Extension {extension}: {reason:text}',
                'Extension {extension}: {reason:text}',
                'Error in extension {extension}: {reason:text}',
                'Could not load extension {extension}: {reason:text}',
                'Failed to load extension {extension}',
                'Extension "{extension}" {}error',
            ],
            severity: 'medium',
            subject: ({ extension = '' }) => bare(extension),
            title: facts => _('The extension {subject} has an error', facts),
            cause: () => _('It does not fit this version of GNOME, or has a defect. The rest of the desktop goes on.'),
        },
        {
            kind: 'shell',
            from: 'shell',
            lines: [
                'GNOME Shell crashed with signal {signal:number}',
                'Execution of main.js threw exception: {reason:text}',
                'JS ERROR: Failed to start',
                'Unable to set up theme',
                'Failed to init GDM',
                'Shell crashed',
                'X server crashed',
                'Connection to xwayland lost',
                'Failed to start X Wayland: {reason:text}',
                'Failed to start Xwayland: {reason:text}',
                'Xwayland terminated, exiting since it was mandatory',
                'GdmDisplay: Session never registered, failing',
                'GdmLocalDisplayFactory: maximum number of X display failures reached',
                'maximum number of display failures reached',
                'Session never registered, failing',
                'session {} failed to start',
                'GdmSession: no session desktop files installed',
                'no session desktop files installed, aborting',
                'Unrecoverable failure in required component {component}',
                'Fatal IO error {code:number}',
                'Lost connection to Wayland compositor',
                'Error reading events from display: {reason:text}',
                'Oh no! Something has gone wrong',
                // gsm_fail_whale_dialog_we_failed() of gnome-session, which then has nothing left to show.
                'CRITICAL: We failed, but the fail whale is dead',
            ],
            severity: 'critical',
            subject: ({ component = '' }) => bare(component) || 'desktop',
            title: () => _('The desktop crashed or did not start'),
        },
        {
            // gnome-session starts that one no more, and where it is the Shell the session has nothing to show.
            kind: 'part',
            from: 'shell',
            lines: ["App '{component:text}' respawning too quickly"],
            severity: ({ component = '' }) => (isOfWholeSession(component) ? 'critical' : 'medium'),
            subject: ({ component = '' }) => bare(component) || 'session',
            title: facts => _('A part of the desktop does not start ({subject})', facts),
        },
        {
            kind: 'part',
            from: 'shell',
            lines: [
                "App '{component:text}' exited with code {code:number}",
                "Application '{component:text}' failed to register before timeout",
                "Application '{component:text}' killed by signal {signal:number}",
                "Could not launch application '{component:text}': {reason:text}",
                'Could not parse desktop file {component}',
                'Unable to start {component}: {reason:text}',
                'gnome-session-binary{}CRITICAL: {detail:text}',
                'Failed to start app: {reason:text}',
                "unable to open file '{path}': {reason:text}; expect degraded performance",
                'Failed to migrate {component}',
                'Unable to acquire bus name',
            ],
            // SIGTERM is how a session ends its programs.
            unless: ['expect degraded', 'not found tryexec', 'glib-', 'killed by signal 15'],
            severity: 'medium',
            subject: ({ component = '' }) => bare(component) || 'session',
            title: facts => _('A part of the desktop does not start ({subject})', facts),
        },
        {
            // g_settings_set_property() and g_settings_schema_get_value() of gio in GLib, after which the program ends itself.
            kind: 'schema',
            ofUnit: 'reason',
            from: ['shell', 'portal'],
            lines: [
                "Settings schema '{schema}' is not installed",
                "Settings schema '{schema}' does not contain a key named '{key}'",
            ],
            severity: 'high',
            subject: ({ schema = '' }) => bare(schema),
            title: facts =>
                _('The description of settings {subject} is missing, so that a part of the desktop ends', facts),
            cause: () =>
                _(
                    'The program and the description of its settings are of different versions: an upgrade was not completed.',
                ),
        },
        {
            // dconf_gvdb_utils_read_and_back_up_file() of service/dconf-gvdb-utils.c in dconf.
            kind: 'settings-lost',
            from: 'settings',
            lines: ['Database {path:text} was corrupt: moved it to {kept:text} and created an empty replacement'],
            severity: 'high',
            subject: '=database of settings',
            title: () => _('Your settings were damaged and have been reset'),
            cause: ({ kept = '' }) =>
                kept === ''
                    ? _('Their database could not be read, as after a loss of power.')
                    : _(
                          'Their database could not be read, as after a loss of power. What was left of it is kept as {path}.',
                          { path: bare(kept) },
                      ),
        },
        {
            // The same function: it goes on with an empty database, and leaves the file where the next change is written to.
            kind: 'settings-lost',
            from: 'settings',
            lines: ['Error renaming corrupt database from {path:text} to {kept:text}: {reason:text}'],
            severity: 'high',
            subject: '=database of settings',
            title: () => _('Your settings are damaged and are not used'),
            cause: ({ reason = '' }) =>
                reason === ''
                    ? _('Their database could not be read, nor be put aside.')
                    : _('Their database could not be read, nor be put aside: {reason}.', { reason: bare(reason) }),
        },
        {
            // dconf_shm_open() of shm/dconf-shm.c and dconf_engine_change_completed() of engine/dconf-engine.c in dconf.
            kind: 'settings-denied',
            from: ['settings', 'shell', 'portal'],
            lines: [
                "unable to create file '{path:text}': {reason:text}.  dconf will not work properly",
                "unable to create directory '{path:text}': {reason:text}.  dconf will not work properly",
                "failed to allocate file '{path:text}': {reason:text}.  dconf will not work properly",
                'failed to commit changes to dconf: {reason:text}',
                'Error writing {}dconf{}: {reason:text}',
            ],
            // G_IO_ERROR_CLOSED of GDBus: the bus ended before the program, as at a logout.
            unless: ['the connection is closed'],
            severity: 'medium',
            subject: '=settings',
            title: () => _('Settings cannot be stored'),
            cause: ({ path, reason = '' }) => {
                if (path !== undefined && /permission denied/i.test(reason))
                    return _(
                        '{path} may not be written. It belongs to root, mostly because a program was started with sudo.',
                        { path },
                    );
                return reason === '' || fullOrDenied.test(reason)
                    ? _('What they are written to is full, or may not be written.')
                    : _('They could not be written: {reason}.', { reason: bare(reason) });
            },
        },
        {
            // Often only a part that is not installed; what misses it says so itself.
            kind: 'bus',
            isHint: true,
            from: 'dbus',
            lines: [
                "Failed to activate service '{name}': timed out",
                "Activated service '{name}' failed: {reason:text}",
                'Service file "{path}" should have',
                'Activation of {name} failed',
                'The maximum number of active connections for UID {uid:number} reached',
                'dbus-daemon{}Failed to {detail:text}',
                'Unable to set up transient service directory',
            ],
            unless: ['service file', 'transient service', 'unit dbus-org.bluez'],
            severity: 'medium',
            subject: ({ name = '' }) => bare(name) || 'D-Bus',
            title: facts => _('A part of the desktop does not start ({subject})', facts),
        },
        {
            // Whoever has a name of the system's bus has it from its start on, so that a second one is not of use. Applications ask by it
            // whether they run already.
            kind: 'bus',
            isHint: true,
            byName: true,
            from: 'anybody',
            lines: [
                'Failed to own name org.freedesktop.{name}',
                // bluetoothd and wpa_supplicant.
                'D-Bus setup failed: Name already in use',
                'dbus: Could not request service name: already registered',
            ],
            severity: 'medium',
            subject: ({ name = '' }) => bare(name) || 'D-Bus',
            title: facts => _('A part of the desktop does not start ({subject})', facts),
        },
    ],
};
