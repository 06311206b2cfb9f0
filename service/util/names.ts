/** What Reeve is called, once for the service, for its clients and for what installs them. The extension has its own: extension/remote/names.ts. */
export const busName = 'org.reevedesktop.Reeve1';
export const rootPath = '/org/reevedesktop/Reeve1';
/** The unit of each user's service manager. */
export const serviceUnit = 'reeve.service';
/** The prefix of the unit that reads the documentation once a day. */
export const documentationUnitPrefix = 'reeve-documentation-';

/** What makes changes as root, on the system bus. */
export const mechanismName = `${busName}.Mechanism`;
export const mechanismPath = `${rootPath}/Mechanism`;
export const mechanismUnit = 'reeve-mechanism.service';
/** What the mechanism records; the unit has systemd make it. */
export const mechanismRecords = '/var/lib/reeve';
/** polkit's actions begin with it. */
export const polkitPrefix = 'org.reevedesktop.reeve';
