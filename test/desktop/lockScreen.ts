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

export async function unlock(desktop: Desktop): Promise<void> {
    await desktop.key('Return');
    // What is typed before gdm asks for the password may be lost.
    await desktop.waitFor('Main.screenShield._dialog._authPrompt._queryingService');
    await desktop.type(`${alice.password}\n`);
    await desktop.waitFor("!Main.screenShield.locked && Main.sessionMode.currentMode === 'user'");
}
