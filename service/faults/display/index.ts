import { display as rules } from '../generated/display.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { plugInAgain } from '../shared/steps.ts';

const advice = () => _('Unplug it and plug it in again, if necessary into another port or with another cable.');

export const display = defineFamily({
    ...rules,
    remediation: {
        otherwise: { recovery: quietFor(60), advice, guide: [plugInAgain('input')] },
        kinds: { screen: { recovery: quietFor(60), advice, guide: [plugInAgain('drm')] } },
    },
});
