// The real lock screen: drawn by the Shell, its password checked by gdm.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';

/** Locks, and leaves the shield (clock and notifications) drawn. */
export async function lock(desktop: Desktop): Promise<void> {
    await desktop.evalJs('Main.screenShield.lock(false)');
    await desktop.waitFor("Main.screenShield.locked && Main.sessionMode.currentMode === 'unlock-dialog'");
    // Locking darkens the screen until somebody comes.
    await desktop.move(640, 400);
    await desktop.move(641, 400);
    await desktop.waitFor('!Main.screenShield._shortLightbox.visible');
}

/**
 * By the password, as a person does. About one time in ten under load, GNOME 51 uses a connection that gdm has closed
 * ("Exception in callback for signal: reset … The connection is closed", js/gdm/userVerifier.js, cancel) and then never asks
 * for it; logind unlocks then, as an administrator would have it do.
 */
export async function unlock(desktop: Desktop): Promise<void> {
    await desktop.key('Return');
    // What is typed before gdm asks for the password may be lost.
    const asks = 'Main.screenShield._dialog._authPrompt._queryingService';
    const isAsked = await desktop.waitFor(asks, { timeout: 5000 }).catch(() => false);
    if (isAsked) await desktop.type(`${alice.password}\n`);
    else await desktop.exec(['loginctl', 'unlock-sessions']);
    await desktop.waitFor("!Main.screenShield.locked && Main.sessionMode.currentMode === 'user'");
}
