import * as z from 'zod';
import type { Owner } from '../model/proposal.ts';
import type { Action } from './action.ts';
import { bluetoothConnect, bluetoothDisconnect } from './bluetooth/bluetoothConnect.ts';
import { bluetoothForget } from './bluetooth/bluetoothForget.ts';
import { clockHardware } from './clock/clockHardware.ts';
import { clockManual, clockSynchronise } from './clock/clockSynchronise.ts';
import { clockZone } from './clock/clockZone.ts';
import { commandRun } from './commands/commandRun.ts';
import { extensionDisable, extensionEnable } from './settings/extensionSwitch.ts';
import { filePermissions } from './files/filePermissions.ts';
import { fileCompress } from './files/fileCompress.ts';
import { fileRevert } from './files/fileRevert.ts';
import { flatpakRemove } from './flatpak/flatpakRemove.ts';
import { flatpakRepair } from './flatpak/flatpakRepair.ts';
import { flatpakUpdate } from './flatpak/flatpakUpdate.ts';
import { driveTest } from './drives/driveTest.ts';
import { driveEject } from './drives/driveEject.ts';
import { driveMount, driveUnmount } from './drives/driveMount.ts';
import { kernelSetting } from './computer/kernelSetting.ts';
import { hostName } from './computer/hostName.ts';
import { systemLanguage } from './computer/systemLanguage.ts';
import { hostsAdd, hostsRemove } from './network/hostsEntry.ts';
import { keyboardAdd, keyboardRemove } from './settings/keyboardLayout.ts';
import { wallpaper } from './settings/wallpaper.ts';
import { shutdownCancel, shutdownSchedule } from './session/scheduledEnd.ts';
import { limitRaise } from './settings/limitRaise.ts';
import { grantAllow } from './grants/grantAllow.ts';
import { nixosInstall, nixosRemove } from './nixos/nixosInstall.ts';
import { nixosRebuild, nixosRollback } from './nixos/nixosRebuild.ts';
import { nixosSet } from './nixos/nixosSet.ts';
import { networkConnect } from './network/networkConnect.ts';
import { networkDisconnect } from './network/networkDisconnect.ts';
import { firewallPort } from './network/firewallPort.ts';
import { firewallSwitch } from './network/firewallSwitch.ts';
import { networkDns } from './network/networkDns.ts';
import { networkForget } from './network/networkForget.ts';
import { networkRestart } from './network/networkRestart.ts';
import { radioSwitch } from './network/radioSwitch.ts';
import { networkReconnect } from './network/networkReconnect.ts';
import { packagesCleanCache } from './packages/packagesCleanCache.ts';
import { packagesComplete } from './packages/packagesComplete.ts';
import { packagesConfigure } from './packages/packagesConfigure.ts';
import { packagesRemoveKernels } from './packages/packagesRemoveKernels.ts';
import { packagesAutoremove } from './packages/packagesAutoremove.ts';
import { packagesHold, packagesUnhold } from './packages/packagesHold.ts';
import { packagesInstall } from './packages/packagesInstall.ts';
import { packagesRemove } from './packages/packagesRemove.ts';
import { packagesRefresh } from './packages/packagesRefresh.ts';
import { packagesReinstall } from './packages/packagesReinstall.ts';
import { packagesRevert } from './packages/packagesRevert.ts';
import { packagesUpgrade } from './packages/packagesUpgrade.ts';
import { packagesUpgradeAll } from './packages/packagesUpgradeAll.ts';
import { journalVacuum } from './files/journalVacuum.ts';
import { storageFree } from './storage/storageFree.ts';
import { trashPut, trashRestore } from './files/trashFile.ts';
import { trashEmpty } from './files/trashEmpty.ts';
import { accountReadLog } from './settings/accountReadLog.ts';
import { accountUnlock } from './settings/accountUnlock.ts';
import { printerCancel } from './printers/printerCancel.ts';
import { printerDefault } from './printers/printerDefault.ts';
import { printerResume } from './printers/printerResume.ts';
import { applicationDefault } from './applications/applicationDefault.ts';
import { autostartAdd, autostartRemove } from './applications/autostart.ts';
import { dashPin, dashUnpin } from './applications/dashFavourites.ts';
import { microphoneMute } from './settings/microphoneMute.ts';
import { applicationOpen } from './applications/applicationOpen.ts';
import { powerProfile } from './hardware/powerProfile.ts';
import { settingsPanel } from './settings/settingsPanel.ts';
import { programEnd } from './programs/programEnd.ts';
import { programLimit } from './programs/programLimit.ts';
import { programMakeWay } from './programs/programMakeWay.ts';
import { programKill } from './programs/programKill.ts';
import { radioUnblock } from './network/radioUnblock.ts';
import { settingsUnblock } from './settings/settingsUnblock.ts';
import { displayArrange } from './settings/displayArrange.ts';
import { displayMode } from './settings/displayMode.ts';
import { settingScale } from './settings/settingScale.ts';
import { settingSwitch } from './settings/settingSwitch.ts';
import { serviceStart } from './services/serviceStart.ts';
import { serviceStop } from './services/serviceStop.ts';
import { sessionEnd } from './session/sessionEnd.ts';
import { soundVolume } from './settings/soundVolume.ts';
import { soundDevice } from './sound/soundDevice.ts';
import { soundProfile } from './settings/soundProfile.ts';
import { unitMakeWay } from './units/unitMakeWay.ts';
import { unitReset } from './units/unitReset.ts';
import { unitResetAndRestart } from './units/unitResetAndRestart.ts';
import { unitRestart } from './units/unitRestart.ts';
import { unitDisable, unitEnable, unitMask, unitUnmask } from './units/unitFiles.ts';
import { unitStart } from './units/unitStart.ts';
import { unitStop } from './units/unitStop.ts';
import { unitStartDependency } from './units/unitStartDependency.ts';
import { networkMtu } from './network/networkMtu.ts';
import { networkHotspot } from './network/networkHotspot.ts';
import { unitDropIn } from './units/unitDropIn.ts';
import { programRenice } from './programs/programRenice.ts';
import { dashPosition } from './applications/dashPosition.ts';
import { screenBrightness } from './hardware/screenBrightness.ts';
import { printerTestPage } from './printers/printerTestPage.ts';
import { flatpakPermission, flatpakPermissionsReset } from './flatpak/flatpakPermission.ts';
import { repositoryAdd, repositoryDrop } from './packages/aptRepository.ts';
import { fstabAdd, fstabRemove } from './drives/fstabEntry.ts';
import { storageTrim, filesystemCheck, filesystemRemount } from './storage/filesystemCare.ts';
import { bluetoothPair } from './bluetooth/bluetoothPair.ts';
import { accountRename, accountKind, accountAutomaticLogin } from './settings/accountSettings.ts';
import { accountFormats, accountLanguage } from './settings/accountLanguage.ts';
import { firmwareUpdate } from './firmware/firmwareUpdate.ts';
import { sshSetting } from './ssh/sshSetting.ts';
import { snapshotMake } from './snapshots/snapshotMake.ts';

/** Every kind of change that Reeve can make. `Actions` loads it with the first plan, and a conversation with a model when it begins. */
export const everyAction = [
    autostartAdd,
    autostartRemove,
    shutdownSchedule,
    shutdownCancel,
    serviceStart,
    serviceStop,
    unitRestart,
    unitStart,
    unitStop,
    unitResetAndRestart,
    unitStartDependency,
    unitReset,
    unitMakeWay,
    unitEnable,
    unitDisable,
    unitMask,
    unitUnmask,
    unitDropIn,
    fileRevert,
    filePermissions,
    commandRun,
    fileCompress,
    trashPut,
    trashRestore,
    journalVacuum,
    packagesCleanCache,
    packagesComplete,
    packagesConfigure,
    packagesRemoveKernels,
    packagesRevert,
    packagesInstall,
    packagesRemove,
    nixosInstall,
    nixosRemove,
    nixosSet,
    nixosRebuild,
    nixosRollback,
    flatpakRemove,
    flatpakUpdate,
    flatpakRepair,
    flatpakPermission,
    flatpakPermissionsReset,
    packagesReinstall,
    packagesUpgrade,
    packagesUpgradeAll,
    packagesRefresh,
    packagesAutoremove,
    packagesHold,
    packagesUnhold,
    repositoryAdd,
    repositoryDrop,
    trashEmpty,
    storageFree,
    storageTrim,
    firmwareUpdate,
    snapshotMake,
    filesystemCheck,
    filesystemRemount,
    accountReadLog,
    accountUnlock,
    accountRename,
    accountKind,
    accountAutomaticLogin,
    accountLanguage,
    accountFormats,
    clockSynchronise,
    clockManual,
    clockHardware,
    clockZone,
    extensionDisable,
    extensionEnable,
    radioUnblock,
    settingsUnblock,
    soundProfile,
    soundDevice,
    bluetoothConnect,
    bluetoothDisconnect,
    bluetoothPair,
    bluetoothForget,
    soundVolume,
    microphoneMute,
    sessionEnd,
    settingSwitch,
    wallpaper,
    keyboardAdd,
    keyboardRemove,
    hostName,
    systemLanguage,
    settingScale,
    displayMode,
    displayArrange,
    networkReconnect,
    networkRestart,
    networkConnect,
    networkHotspot,
    networkDisconnect,
    networkForget,
    networkDns,
    networkMtu,
    firewallSwitch,
    firewallPort,
    driveMount,
    driveUnmount,
    driveEject,
    driveTest,
    fstabAdd,
    fstabRemove,
    radioSwitch,
    hostsAdd,
    hostsRemove,
    sshSetting,
    limitRaise,
    kernelSetting,
    printerResume,
    printerCancel,
    printerDefault,
    printerTestPage,
    programEnd,
    programKill,
    programLimit,
    programRenice,
    programMakeWay,
    applicationDefault,
    dashPin,
    dashUnpin,
    dashPosition,
    applicationOpen,
    powerProfile,
    screenBrightness,
    settingsPanel,
    grantAllow,
] as const;

/** An action as a model sees it. */
export type ActionDescription = { name: string; parameters: z.ZodObject };

/** Those that a model may propose for an incident, or for a task. */
export function proposableFor(kind: Owner['kind']): ActionDescription[] {
    const all: readonly Action[] = everyAction;
    return all.flatMap(({ name, parameters, proposable = [] }) =>
        proposable.includes(kind) && parameters instanceof z.ZodObject ? [{ name, parameters }] : [],
    );
}

export { requireDeclared } from './nixos/declaredOnly.ts';
export { brokenRule } from './planRules.ts';
export { unitChangeOf } from './units/unitPlan.ts';
