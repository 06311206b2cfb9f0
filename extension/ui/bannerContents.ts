import { _ } from '../core/i18n.js';
import { acceleratorLabel } from '../input/accelerator.js';
import { claimPurpose } from '../input/claims.js';
import type { ShortcutOffer } from '../input/shortcutOffer.js';
import type { Client } from '../remote/client.js';
import type { BannerContent } from './banner.js';
import { absenceText } from './absenceText.js';
import { timeText } from './when.js';

export type BannerActions = { start: () => void; resume: () => void; endDemo: () => void };

/** The most urgent notices, most important first. */
export function bannersFor({ snapshot }: Client, actions: BannerActions): BannerContent[] {
    const banners: BannerContent[] = [];
    const { absence, link, manager } = snapshot;
    if (absence !== null && link === 'absent') {
        const { title, remedy, canStart } = absenceText(absence);
        const start = { label: _('Start'), isDefault: true, activate: actions.start };
        banners.push({ iconName: 'dialog-warning-symbolic', title, text: remedy, actions: canStart ? [start] : [] });
    }
    if (manager?.state === 'paused') {
        banners.push({
            iconName: 'media-playback-pause-symbolic',
            title: _('Reeve is paused'),
            text: _('Nothing has been watched or answered since {time}.', {
                time: timeText(manager.pausedSince),
            }),
            actions: [{ label: _('Resume'), isDefault: true, activate: actions.resume }],
        });
    }
    if (manager?.demo === true) {
        banners.push({
            iconName: 'dialog-information-symbolic',
            title: _('The demo is running'),
            text: _('Reeve removes its service by itself after a quarter of an hour.'),
            actions: [{ label: _('Remove the demo'), activate: actions.endDemo }],
        });
    }
    for (const { text, remedy } of manager?.notices ?? [])
        banners.push({ iconName: 'dialog-information-symbolic', title: text, text: remedy, actions: [] });
    return banners;
}

/** Improvements to the setup: they can wait until the user has read the problems. */
export function offersFor(offer: ShortcutOffer): BannerContent[] {
    return offer.isAnswered || offer.choice.claimedBy.length === 0 ? [] : [shortcutOffer(offer)];
}

function shortcutOffer(offer: ShortcutOffer): BannerContent {
    const { choice, keys } = offer;
    const wanted = acceleratorLabel(keys.wanted);
    const fallback = acceleratorLabel(keys.fallback);
    const purpose = [...new Set(choice.claimedBy.map(claimPurpose))].join(', ');
    const taken = _('{keys} is in use: {purpose}.', { keys: wanted, purpose });
    const exchange = _('If Reeve takes this shortcut, {keys} does that instead.', { keys: fallback });
    return {
        iconName: 'input-keyboard-symbolic',
        title:
            choice.accelerator === null
                ? _('No shortcut opens Reeve yet')
                : _('{keys} opens Reeve', { keys: acceleratorLabel(choice.accelerator) }),
        text: offer.switchesInputSources ? `${taken} ${exchange}` : taken,
        actions: [
            {
                label: _('Use {keys}', { keys: wanted }),
                isDefault: true,
                activate: () => {
                    offer.accept();
                },
            },
            {
                label: _('Not now'),
                activate: () => {
                    offer.decline();
                },
            },
        ],
    };
}
