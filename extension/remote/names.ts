/** Where the service is found; the names are those of dbus-interfaces/. */
export const busName = 'org.reevedesktop.Reeve1';
export const rootPath = '/org/reevedesktop/Reeve1';
/** The systemd user unit that D-Bus activation starts. */
export const unitName = 'reeve.service';

export const propertiesInterface = 'org.freedesktop.DBus.Properties';
export const objectManagerInterface = 'org.freedesktop.DBus.ObjectManager';
