// The real lock screen: drawn by the Shell, its password checked by gdm.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { until } from './waiting.ts';

/** Locks, and leaves the shield (clock and notifications) drawn. */
export async function lock(desktop: Desktop): Promise<void> {
    await desktop.evalJs('Main.screenShield.lock(false)');
    await desktop.waitFor("Main.screenShield.locked && Main.sessionMode.currentMode === 'unlock-dialog'");
    // Locking darkens the screen until somebody comes.
    await desktop.move(640, 400);
    await desktop.move(641, 400);
    await desktop.waitFor('!Main.screenShield._shortLightbox.visible');
}

const asks = 'Boolean(Main.screenShield._dialog?._authPrompt?._queryingService)';
const forgets = 'Exception in callback for signal: reset: Gio.IOErrorEnum: The connection is closed';

/**
 * By the password, as a person does. About one time in ten under load, GNOME 51 uses a connection that gdm has closed
 * (js/gdm/userVerifier.js, cancel) and then never asks for it; logind unlocks then, as an administrator would have it do.
 */
export async function unlock(desktop: Desktop): Promise<void> {
    const shellJournal = () => desktop.journal(['_COMM=gnome-shell']);
    const before = (await shellJournal()).length;
    await desktop.key('Return');
    // What is typed before gdm asks for the password may be lost.
    const prompt = await until('the lock screen asks for the password', async () => {
        if (await desktop.evalJs<boolean>(asks)) return 'asks';
        return (await shellJournal()).slice(before).includes(forgets) && 'has forgotten';
    });
    if (prompt === 'asks') await desktop.type(`${alice.password}\n`);
    else await desktop.exec(['loginctl', 'unlock-sessions']);
    await desktop.waitFor("!Main.screenShield.locked && Main.sessionMode.currentMode === 'user'");
}
